import { describe, expect, it } from '@jest/globals'
import { checkStorableText } from './storable-text.ts'

describe('text of a request', () => {
  it('is fine when it is text, however odd', () => {
    const body = { a: ['\u{1f600}', 'line\nbreak', '\\u0000', { b: null, c: 1 }], '': 'x' }
    expect(() => checkStorableText({ query: undefined, body })).not.toThrow()
  })

  it.each([
    [{ name: 'a\0' }, 'name'],
    [{ list: ['x', '\ud800'] }, 'list.1'],
    [{ deep: { 'a\0b': 1 } }, 'deep'],
  ])('is refused by its place where Postgres could not hold it: %j', (body, path) => {
    const issues = [expect.objectContaining({ path })]
    expect(() => checkStorableText({ body })).toThrow(
      expect.objectContaining({ code: 'VALIDATION', issues }),
    )
  })

  it('may be nested as deep as a body can be', () => {
    let body: unknown = 'x'
    for (let depth = 0; depth < 20_000; depth += 1) body = [body]
    expect(() => checkStorableText({ body })).not.toThrow()
  })
})
