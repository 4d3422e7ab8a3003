import { describe, expect, it } from '@jest/globals'
import { cloneProgress, isFinal } from './clone-progress.ts'

describe('what git says while it clones', () => {
  it.each([
    ['Receiving objects:  45% (450/1000), 1.20 MiB | 2.00 MiB/s', 450, 1_000],
    ['Updating files: 100% (12/12), done.', 12, 12],
  ])('is progress: %s', (line, done, total) => {
    expect(cloneProgress(line)).toMatchObject({ entriesDone: done, entriesTotal: total })
  })

  it('is none of a count that begins anew beside the others', () => {
    expect(cloneProgress('remote: Counting objects:  45% (450/1000)')).toBeNull()
    expect(cloneProgress("Cloning into '.'...")).toBeNull()
  })

  it.each([
    ['Receiving objects:  45% (450/1000)', false],
    ['Receiving objects: 100% (1000/1000), 3 MiB | 2 MiB/s, done.', true],
    ['remote: Counting objects:  45% (450/1000)', false],
    ["fatal: repository 'x' not found", true],
  ])('is worth a line or not: %s', (line, expected) => {
    expect(isFinal(line)).toBe(expected)
  })
})
