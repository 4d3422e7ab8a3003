import { describe, expect, it } from '@jest/globals'
import { PROJECT_SLUG_PATTERN } from '@vessel/proto/ids'
import { makeSlug, slugBase } from './slug.ts'

const NAMES: [string, string][] = [
  ['My App', 'my-app'],
  ['Über Größe', 'uber-gro-e'],
  ['--x--', 'x'],
  ['123 go', 'go'],
  ['日本語', 'project'],
  ['...', 'project'],
  ['a'.repeat(80), 'a'.repeat(31)],
  [`${'a'.repeat(30)} b`, 'a'.repeat(30)],
]

describe('the address of a project', () => {
  it.each(NAMES)('reads like its name: %s', (name, base) => {
    expect(slugBase(name)).toBe(base)
  })

  it.each(NAMES)('is a label a host name may have: %s', (name) => {
    for (const value of [0, 35]) {
      const slug = makeSlug(name, () => value)
      expect(slug).toMatch(PROJECT_SLUG_PATTERN)
      expect(slug.length).toBeLessThanOrEqual(40)
    }
  })
})
