import { describe, expect, it } from '@jest/globals'
import { createIgnoreRules, splitLines } from './ignore-rules.ts'

describe('the rules of what is not saved', () => {
  it('always leave out what tools rebuild, whatever the user writes', () => {
    const rules = createIgnoreRules(['!node_modules/', '!**'])
    expect(rules.isIgnored('node_modules', true)).toBe(true)
    expect(rules.isIgnored('a/b/node_modules', true)).toBe(true)
    expect(rules.isIgnored('node_modules', false)).toBe(false)
    expect(rules.isIgnored('my_node_modules', true)).toBe(false)
  })

  it('read as gitignore: anchors, folders, stars, negation, case', () => {
    const rules = createIgnoreRules(['/top', 'build/', '*.log', '!keep.log', '**/gen/*.ts', '#x'])
    const ignored = (path: string, isDirectory = false) => rules.isIgnored(path, isDirectory)
    expect([ignored('top'), ignored('a/top')]).toEqual([true, false])
    expect([ignored('build', true), ignored('build')]).toEqual([true, false])
    expect([ignored('a.log'), ignored('d/b.log'), ignored('keep.log')]).toEqual([true, true, false])
    expect([ignored('a/gen/x.ts'), ignored('a/gen/x.js')]).toEqual([true, false])
    expect([ignored('A.LOG'), ignored('#x')]).toEqual([false, false])
  })

  it('ignore nothing for lines beyond a sane number or length', () => {
    const rules = createIgnoreRules([
      'x'.repeat(2_000),
      ...Array.from({ length: 1_000 }, (_, n) => `line-${n}`),
    ])
    expect(rules.malformed).toHaveLength(2)
    expect(rules.isIgnored('line-5', false)).toBe(true)
    expect(rules.isIgnored('line-999', false)).toBe(false)
  })

  it('read files of either line ending', () => {
    expect(splitLines('a\r\nb\nc')).toEqual(['a', 'b', 'c'])
  })

  it('see names that are not UTF-8 without failing', () => {
    const rules = createIgnoreRules(['*.log'])
    expect(rules.isIgnored('\xe9\xff.log', false)).toBe(true)
    expect(rules.isIgnored('..odd', false)).toBe(false)
  })
})
