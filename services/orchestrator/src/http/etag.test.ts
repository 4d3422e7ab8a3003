import { describe, expect, it } from '@jest/globals'
import { etagOf, matchesTag } from './etag.ts'

describe('the tag of an answer', () => {
  it('follows from what it says and from nothing else', () => {
    expect(etagOf('{"a":1}')).toBe(etagOf('{"a":1}'))
    expect(etagOf('{"a":1}')).not.toBe(etagOf('{"a":2}'))
  })
  it('is found among those a client holds', () => {
    const tag = etagOf('x')
    expect(matchesTag(`"other", ${tag}`, tag)).toBe(true)
    expect(matchesTag('*', tag)).toBe(true)
    expect(matchesTag('"other"', tag)).toBe(false)
    expect(matchesTag(undefined, tag)).toBe(false)
  })
})
