import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { snapshot } from './helpers/tree.ts'
import { until } from './helpers/until.ts'

jest.setTimeout(60_000)

const LARGE_BYTES = 3 * 1024 ** 2
/** Of `SETTLED_MS` in the cache: a younger file is not kept. */
const SETTLED_MS = 2_000

describe('a pack after a pack', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
    await guest.hydrate(Buffer.alloc(0))
  })
  afterEach(() => guest.stop())

  const at = (name: string) => join(guest.config.workspaceDir, name)
  const cacheFile = () => join(guest.config.stateDir, 'packed.cache')
  const cachedBytes = () => (existsSync(cacheFile()) ? statSync(cacheFile()).size : 0)
  const pack = async () => (await guest.pack({ format: 'zip' })).body
  async function makeTree(): Promise<void> {
    mkdirSync(at('src'))
    for (let index = 0; index < 50; index += 1) {
      writeFileSync(at(`src/${index}.ts`), `export const value = ${index}\n`.repeat(100))
    }
    writeFileSync(at('run.sh'), '#!/bin/sh\n', { mode: 0o755 })
    writeFileSync(at('empty'), '')
    writeFileSync(at('large.bin'), randomBytes(LARGE_BYTES))
    await until('the files have settled', () => {
      return Date.now() - statSync(at('large.bin')).ctimeMs > SETTLED_MS
    })
  }

  /** What a machine that never packed before makes of the same files. */
  async function anew(): Promise<Buffer> {
    await guest.restart()
    return pack()
  }

  it('is the very same archive, from what was kept', async () => {
    await makeTree()
    const first = await pack()
    const kept = cachedBytes()
    expect(kept).toBeGreaterThan(LARGE_BYTES / 2)
    expect((await pack()).equals(first)).toBe(true)
    expect(cachedBytes()).toBe(kept)
    expect((await anew()).equals(first)).toBe(true)
  })

  it('has every change in it, whatever its size and time say', async () => {
    await makeTree()
    await pack()
    const { atime, mtime } = statSync(at('src/1.ts'))
    writeFileSync(at('src/1.ts'), `EXPORT const value = ${1}\n`.repeat(100))
    utimesSync(at('src/1.ts'), atime, mtime)
    appendFileSync(at('large.bin'), 'more')
    renameSync(at('src/2.ts'), at('src/3.ts'))
    rmSync(at('src/4.ts'))
    writeFileSync(at('src/new.ts'), 'new')
    lutimesSync(at('run.sh'), 1, 1)

    const archive = await pack()
    const expected = snapshot(guest.config.workspaceDir)
    const other = await startGuest()
    try {
      expect(endOf(await other.hydrate(archive))).toBe('done')
      expect(snapshot(other.config.workspaceDir)).toEqual(expected)
    } finally {
      await other.stop()
    }
    expect((await anew()).equals(archive)).toBe(true)
  })

  it('reads the files again when what was kept is damaged', async () => {
    await makeTree()
    const first = await pack()
    const kept = readFileSync(cacheFile())
    for (let position = 10; position < kept.length; position += 1_000) {
      kept.writeUInt8(kept.readUInt8(position) ^ 0xff, position)
    }
    writeFileSync(cacheFile(), kept)
    expect((await pack()).equals(first)).toBe(true)
  })

  it('does not keep what nobody needs any more', async () => {
    await makeTree()
    await pack()
    const before = cachedBytes()
    rmSync(at('large.bin'))
    await pack()
    expect(cachedBytes()).toBeLessThan(before / 10)
  })
})
