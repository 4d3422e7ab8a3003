import { describe, expect, it } from '@jest/globals'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { checkTotals, checkTree, type FoundEntry } from './check-tree.ts'

const file = (name: string, bytes = 1): FoundEntry => ({
  ...{ name, bytes, kind: 'file', target: undefined, isLiteral: false },
})
const link = (name: string, target: string, isLiteral = false): FoundEntry => ({
  ...{ name, bytes: target.length, kind: 'link', target, isLiteral },
})
const codeOf = (run: () => unknown) => {
  try {
    run()
    return 'fine'
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

describe('a tree of entries', () => {
  it('is let through when every entry stands by itself', () => {
    const checked = checkTree([file('a/b/c'), file('a/d'), link('l', 'a/d')], 100)
    expect(checked.map(({ path }) => path)).toEqual(['a/b/c', 'a/d', 'l'])
  })

  it('may hold a marked link to the outside, but nothing behind it', () => {
    expect(codeOf(() => checkTree([link('l', '/usr', true)], 100))).toBe('fine')
    expect(codeOf(() => checkTree([link('l', '/usr', true), file('l/evil')], 100))).toBe(
      'ARCHIVE_UNSAFE',
    )
    expect(codeOf(() => checkTree([link('l', '/usr', true), link('m', 'l/bin')], 100))).toBe(
      'ARCHIVE_UNSAFE',
    )
  })

  it('may be large only as far as its archive is', () => {
    const { ratioFloorBytes, ratioMax } = ARCHIVE_LIMITS
    const floor = { entries: 1, unpackedBytes: ratioFloorBytes, archiveBytes: 1 }
    expect(codeOf(() => checkTotals(floor))).toBe('fine')
    const bomb = { entries: 1, unpackedBytes: ratioFloorBytes + 1, archiveBytes: 600_000 }
    expect(codeOf(() => checkTotals(bomb))).toBe('ARCHIVE_TOO_LARGE')
    const archiveBytes = Math.ceil(bomb.unpackedBytes / ratioMax)
    expect(codeOf(() => checkTotals({ ...bomb, archiveBytes }))).toBe('fine')
  })

  it('may have so many entries, bytes and implied folders, and no more', () => {
    const { entriesMax, unpackedBytesMax } = ARCHIVE_LIMITS
    const archiveBytes = unpackedBytesMax
    const fits = { entries: entriesMax, unpackedBytes: unpackedBytesMax, archiveBytes }
    expect(codeOf(() => checkTotals(fits))).toBe('fine')
    expect(codeOf(() => checkTotals({ ...fits, entries: entriesMax + 1 }))).toBe(
      'ARCHIVE_TOO_LARGE',
    )
    expect(codeOf(() => checkTotals({ ...fits, unpackedBytes: unpackedBytesMax + 1 }))).toBe(
      'ARCHIVE_TOO_LARGE',
    )
    const deep = Array.from({ length: 2_000 }, (_, n) => file(`${n}/${'d/'.repeat(120)}f`))
    expect(codeOf(() => checkTree(deep, 1_000_000))).toBe('ARCHIVE_TOO_LARGE')
  })
})
