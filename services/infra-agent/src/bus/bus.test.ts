import { describe, expect, it } from '@jest/globals'
import { isVersionAtLeast } from './connection.ts'

describe('the server version', () => {
  it.each([
    ['2.9.10', '2.9.0', true],
    ['2.10.0', '2.9.10', true],
    ['2.8.4', '2.9.0', false],
    ['2.9.0-beta.1', '2.9.0', true],
    ['3.0', '2.9.0', true],
  ])('%s is at least %s: %s', (version, floor, isEnough) => {
    expect(isVersionAtLeast(version, floor)).toBe(isEnough)
  })
})
