import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { HEADERS } from '@vessel/proto/headers'
import { endOf, sha256Of, startGuest, type TestGuest } from './helpers/guest.ts'
import { makeNastyTree, snapshot } from './helpers/tree.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)])

describe.each(['zip', 'tar.zst'])('a workspace that is saved as %s and opened again', (format) => {
  let first: TestGuest
  let second: TestGuest
  beforeEach(async () => {
    first = await startGuest()
    second = await startGuest()
  })
  afterEach(() => Promise.all([first.stop(), second.stop()]))

  it('is the same tree: modes, links, times, empty folders and odd names', async () => {
    await first.hydrate(Buffer.alloc(0))
    makeNastyTree(first.config.workspaceDir)
    const before = snapshot(first.config.workspaceDir)

    const packed = await first.pack({ format })

    expect(packed.trailers[HEADERS.sha256]).toBe(sha256Of(packed.body))
    const lines = await second.hydrate(packed.body)
    expect(endOf(lines)).toBe('done')
    expect(snapshot(second.config.workspaceDir)).toEqual(before)
    expect(lines.at(-1)).toEqual({
      type: 'done',
      entries: Number(packed.trailers[HEADERS.entries]),
      unpackedBytes: Number(packed.trailers[HEADERS.unpackedBytes]),
    })
  })

  it('is the same archive when it is packed twice', async () => {
    await first.hydrate(Buffer.alloc(0))
    makeNastyTree(first.config.workspaceDir)
    const [one, two] = [await first.pack({ format }), await first.pack({ format })]
    expect(sha256Of(one.body)).toBe(sha256Of(two.body))
  })

  it('can be nothing at all', async () => {
    expect(await first.hydrate(Buffer.alloc(0))).toEqual([
      { type: 'done', entries: 0, unpackedBytes: 0 },
    ])
    const packed = await first.pack({ format })
    if (format === 'zip') expect(packed.body.equals(EMPTY_ZIP)).toBe(true)
    expect(endOf(await second.hydrate(packed.body))).toBe('done')
    expect((await second.health()).workspace).toBe('ready')
  })

  it('stays ready when the guest agent is started again', async () => {
    await first.hydrate(Buffer.alloc(0))
    writeFileSync(join(first.config.workspaceDir, 'kept'), 'yes')
    symlinkSync('kept', join(first.config.workspaceDir, 'link'))
    await first.restart()
    expect((await first.health()).workspace).toBe('ready')
    expect(endOf(await second.hydrate((await first.pack({ format })).body))).toBe('done')
    expect(snapshot(second.config.workspaceDir)).toHaveLength(2)
  })
})

describe('what others make of our archives', () => {
  let first: TestGuest
  beforeEach(async () => {
    first = await startGuest()
  })
  afterEach(() => first.stop())
  // These leave the time of links and folders to chance; the rest is compared exactly.
  const comparable = (lines: string[]) =>
    lines.map((line) => line.replace(/^([ld](?: \d+)?) \d{9,} /, '$1 - '))

  it('opens with unzip, and unzip sees the same tree', async () => {
    await first.hydrate(Buffer.alloc(0))
    const { workspaceDir } = first.config
    makeNastyTree(workspaceDir)
    // unzip itself changes these: raw bytes in names and what it may not create.
    for (const name of ['new\nline', 'back\\slash']) rmSync(join(workspaceDir, name))
    execFileSync('find', [workspaceDir, '-name', 'latin-*', '-delete'])
    const packed = await first.pack()
    const file = join(first.root, 'ours.zip')
    const out = join(first.root, 'unzipped')
    writeFileSync(file, packed.body)
    mkdirSync(out)

    execFileSync('unzip', ['-t', file])
    // unzip writes names in the locale's letters, and fresh machines have none.
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' }
    execFileSync('unzip', ['-q', file, '-d', out], { env })

    expect(comparable(snapshot(out))).toEqual(comparable(snapshot(workspaceDir)))
  })

  it('opens with tar and zstd, and they see the same tree', async () => {
    await first.hydrate(Buffer.alloc(0))
    makeNastyTree(first.config.workspaceDir)
    const packed = await first.pack({ format: 'tar.zst' })
    const file = join(first.root, 'ours.tar.zst')
    const out = join(first.root, 'untarred')
    writeFileSync(file, packed.body)
    mkdirSync(out)
    execFileSync('tar', ['--zstd', '-xf', file, '-C', out], { stdio: 'pipe' })
    expect(snapshot(out)).toEqual(snapshot(first.config.workspaceDir))
  })

  it('and we open theirs', async () => {
    const source = join(first.root, 'source')
    mkdirSync(join(source, 'd'.repeat(120), 'e'.repeat(120)), { recursive: true })
    makeNastyTree(source)
    writeFileSync(join(source, 'd'.repeat(120), 'e'.repeat(120), 'f'.repeat(120)), 'long name')
    for (const name of ['outside', 'above', 'back\\slash']) rmSync(join(source, name))
    for (const format of ['gnu', 'posix']) {
      const guest = await startGuest()
      const tar = execFileSync('tar', ['--zstd', `--format=${format}`, '-cf', '-', '.'], {
        cwd: source,
        maxBuffer: 64 * 1024 ** 2,
      })
      const lines = await guest.hydrate(tar, { [HEADERS.archiveFormat]: 'tar.zst' })
      expect(lines.at(-1)).toMatchObject({ type: 'done' })
      expect(snapshot(guest.config.workspaceDir)).toEqual(snapshot(source))
      await guest.stop()
    }
  })
})
