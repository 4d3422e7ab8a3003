import { describe, expect, it } from '@jest/globals'
import { checkLinks } from './check-links.ts'

const check = (links: Record<string, string>, isLiteral = false) =>
  checkLinks(
    new Map(Object.entries(links).map(([path, target]) => [path, { target, isLiteral }])),
    () => undefined,
  )
const unsafe = { code: 'ARCHIVE_UNSAFE' }

describe('links of an archive', () => {
  it.each([
    [{ 'a/b': '../c' }],
    [{ a: 'b', b: 'a' }],
    [{ 'a/b/c': '../../x/../y' }],
    [{ a: 'not/there/at/all' }],
    [{ d: '.', e: 'd/d/d/x' }],
    [{ a: './//b' }],
  ])('may point to anything within: %j', async (links) => {
    await expect(check(links)).resolves.toBeUndefined()
  })

  it.each([
    [{ a: '..' }],
    [{ 'a/b': '../../c' }],
    [{ a: '/etc' }],
    [{ d: '.', e: 'd/..' }],
    [{ 'x/up': '..', y: 'x/up/..' }],
    [{ a: 'b/../..' }],
    [{ a: '' }],
    [{ a: 'x\0y' }],
  ])('may not lead out: %j', async (links) => {
    await expect(check(links)).rejects.toMatchObject(unsafe)
  })

  it('that multiply each other are refused before they cost anything', async () => {
    const links: Record<string, string> = {}
    for (let level = 0; level < 30; level += 1) {
      links[`l${level}`] = `l${level + 1}/../`.repeat(300)
    }
    links.l30 = '.'
    await expect(check(links)).rejects.toMatchObject(unsafe)
  })

  it('that are very many and all long are refused instead of walked for minutes', async () => {
    const links: Record<string, string> = {}
    for (let count = 0; count < 2_000; count += 1) links[`l${count}`] = 'x/../'.repeat(700)
    await expect(check(links)).rejects.toMatchObject(unsafe)
  })

  it('may lead out where Vessel marked them as the user’s own', async () => {
    await expect(check({ 'venv/bin/python': '/usr/bin/python3' }, true)).resolves.toBeUndefined()
  })
})
