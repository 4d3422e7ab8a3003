import { describe, expect, it } from '@jest/globals'
import { safeNext } from './safe-next.ts'

describe('where a login leads', () => {
  it('is the page someone came from', () => {
    expect(safeNext('/editor/1?a=b#c')).toBe('/editor/1?a=b#c')
  })

  it.each([
    null,
    undefined,
    '',
    'projects',
    'https://evil.test/',
    '//evil.test/',
    '/\\evil.test/',
    '/\t/evil.test/',
    '/\n/evil.test',
    'javascript:alert(1)',
  ])('is never another site: %j', (next) => {
    expect(safeNext(next)).toBe('/projects')
  })
})
