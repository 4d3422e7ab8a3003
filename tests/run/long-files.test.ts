import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { LONGEST, placeOf } from './long-files.ts'

const ROOT = join(import.meta.dirname, '../..')

describe('the files that take long', () => {
  it('are there, and named once', () => {
    expect(LONGEST.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
    expect(new Set(LONGEST).size).toBe(LONGEST.length)
  })

  it('come in their order, before all others', () => {
    const files = ['a.test.ts', ...LONGEST.toReversed(), 'b.test.ts']
    const sorted = files.toSorted((a, b) => placeOf(a) - placeOf(b))
    expect(sorted).toEqual([...LONGEST, 'a.test.ts', 'b.test.ts'])
  })
})
