import { describe, expect, it } from '@jest/globals'
import { checkEntryName, needsLiteral } from './entry-name.ts'

const refused = (name: string, isLiteral = false) => {
  try {
    checkEntryName(name, isLiteral)
    return undefined
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

describe('the name of an entry', () => {
  it.each([
    ['a', 'a'],
    ['a/b/', 'a/b'],
    ['./a', 'a'],
    ['././a/b', 'a/b'],
    ['...', '...'],
    ['a/..b/c..', 'a/..b/c..'],
    ['a b', 'a b'],
    ['caf\xc3\xa9', 'caf\xc3\xa9'],
    ['-rf', '-rf'],
    ['a:b', 'a:b'],
  ])('%j stands for %j', (name, path) => {
    expect(checkEntryName(name, false)).toBe(path)
  })

  it.each([
    ...['', '/', '/a', '//a', '..', 'a/..', '../a', 'a/../b', './..', '.', 'a/./b', 'a//b', 'a//'],
    ...['a\0', 'a\\b', '..\\a', 'C:/a', `${'a'.repeat(256)}`, 'a/'.repeat(2_100), 'a/'.repeat(200)],
  ])('%j is refused', (name) => {
    expect(refused(name)).toBe('ARCHIVE_UNSAFE')
  })

  it('may hold a backslash where it is meant literally, and still may not climb out', () => {
    expect(refused('dev\\x2dlog.mount', true)).toBeUndefined()
    expect(refused('C:/a', true)).toBeUndefined()
    expect(refused('../a\\b', true)).toBe('ARCHIVE_UNSAFE')
    expect(refused('/a\\b', true)).toBe('ARCHIVE_UNSAFE')
    expect(['a\\b', 'c:/d', 'a:b', 'a/b'].map(needsLiteral)).toEqual([true, true, false, false])
  })
})
