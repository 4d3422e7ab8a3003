import { describe, expect, it } from '@jest/globals'
import { HEADERS } from '@vessel/proto/headers'
import { createTokenCheck } from './token.ts'

describe('the token check', () => {
  const check = createTokenCheck('t'.repeat(40))

  it('lets the token in and nothing else', () => {
    expect(check({ [HEADERS.guestToken]: 't'.repeat(40) })).toBe(true)
    for (const wrong of ['', 't', 't'.repeat(39), 't'.repeat(41), 'T'.repeat(40)]) {
      expect(check({ [HEADERS.guestToken]: wrong })).toBe(false)
    }
    expect(check({})).toBe(false)
  })

  it('does not take several tokens for one', () => {
    const twice = ['t'.repeat(40), 't'.repeat(40)]
    expect(check({ [HEADERS.guestToken]: twice })).toBe(false)
  })
})
