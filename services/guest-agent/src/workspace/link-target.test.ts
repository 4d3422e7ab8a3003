import { describe, expect, it } from '@jest/globals'
import { doesLinkEscape } from './link-target.ts'

const escapes = (links: Record<string, string>, link: string) => {
  const map = new Map(Object.entries(links))
  return doesLinkEscape(link, map.get(link) as string, map)
}

describe('a link', () => {
  it.each([
    ['a', 'b'],
    ['a', 'not/there'],
    ['a', '.'],
    ['d/a', '..'],
    ['d/a', '../b'],
    ['d/e/a', '../../b'],
    ['a', 'x/../b'],
    ['a', './/b'],
    ['a', 'a'],
  ])('%s -> %s stays inside', (link, target) => {
    expect(escapes({ [link]: target }, link)).toBe(false)
  })

  it.each([
    ['a', '/'],
    ['a', '/etc/passwd'],
    ['a', '..'],
    ['a', '../b'],
    ['d/a', '../../b'],
    ['a', 'x/../../b'],
    ['a', 'b/../../workspace/c'],
  ])('%s -> %s leaves', (link, target) => {
    expect(escapes({ [link]: target }, link)).toBe(true)
  })

  it('is followed through the other links of the tree', () => {
    expect(escapes({ here: '.', out: 'here/../x' }, 'out')).toBe(true)
    expect(escapes({ deep: 'a/b', up: 'deep/../c' }, 'up')).toBe(false)
    expect(escapes({ deep: 'a/b', up: 'deep/../../../c' }, 'up')).toBe(true)
    expect(escapes({ abs: '/usr', via: 'abs/bin' }, 'via')).toBe(true)
    expect(escapes({ 'd/e': '../f', f: '..', go: 'd/e/x' }, 'go')).toBe(true)
  })

  it('that goes round in circles leads nowhere, as for Linux', () => {
    expect(escapes({ a: 'b', b: 'a' }, 'a')).toBe(false)
    expect(escapes({ a: 'a/x', b: 'a' }, 'b')).toBe(false)
  })

  it('that grows with each step is refused instead of followed for ever', () => {
    const links: Record<string, string> = {}
    for (let n = 0; n < 60; n += 1) links[`l${n}`] = `l${n + 1}/`.repeat(500)
    expect(escapes(links, 'l0')).toBe(true)
  })
})
