import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { makeNastyTree, snapshot } from './helpers/tree.ts'
import { buildZip, FILE, FOLDER, LINK } from './helpers/zip-builder.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

describe('a zip of another program', () => {
  let guest: TestGuest
  let source: string
  beforeEach(async () => {
    guest = await startGuest()
    source = join(guest.root, 'source')
    mkdirSync(source)
  })
  afterEach(() => guest.stop())
  const at = (name: string) => join(guest.config.workspaceDir, name)

  it('made by Info-ZIP with links opens as the same tree', async () => {
    makeNastyTree(source)
    // What leaves the workspace or has a backslash is refused in a zip that is not ours.
    for (const name of ['outside', 'above', 'back\\slash']) rmSync(join(source, name))
    const file = join(guest.root, 'info.zip')
    execFileSync('zip', ['-qry', file, '.'], { cwd: source })

    expect(endOf(await guest.hydrate(readFileSync(file)))).toBe('done')

    expect(snapshot(guest.config.workspaceDir)).toEqual(snapshot(source))
  })

  it('streamed by Info-ZIP, with data descriptors, opens as the same tree', async () => {
    writeFileSync(join(source, 'a.txt'), 'x'.repeat(100_000))
    writeFileSync(join(source, 'large'), Buffer.alloc(2_000_000, 'abc'))
    const zip = execFileSync('zip', ['-qr', '-fd', '-', '.'], {
      cwd: source,
      maxBuffer: 10_000_000,
    })
    expect(endOf(await guest.hydrate(zip))).toBe('done')
    expect(snapshot(guest.config.workspaceDir)).toEqual(snapshot(source))
  })

  it('downloaded from GitHub, which is `git archive`, keeps links and executables', async () => {
    writeFileSync(join(source, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
    execFileSync('ln', ['-s', 'run.sh', join(source, 'link')])
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: source })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'first')
    const zip = git('archive', '--format=zip', '--prefix=repo-main/', 'HEAD')

    expect(endOf(await guest.hydrate(zip))).toBe('done')

    expect(statSync(at('repo-main/run.sh')).mode & 0o111).toBe(0o111)
    expect(readFileSync(at('repo-main/link'), 'utf8')).toBe('#!/bin/sh\n')
  })

  it('made by macOS opens, with its names, times and descriptors', async () => {
    const times = Buffer.alloc(12)
    times.writeUInt16LE(0x5855, 0)
    times.writeUInt16LE(8, 2)
    times.writeInt32LE(1_500_000_000, 4)
    times.writeInt32LE(1_600_000_000, 8)
    // No UTF-8 flag, decomposed UTF-8 names all the same.
    const mac = { host: 3, flags: 0, extra: times }
    const zip = buildZip([
      { ...mac, name: 'e\u0301te\u0301/', mode: FOLDER },
      {
        ...mac,
        ...{ name: 'e\u0301te\u0301/a.txt', content: 'hello hello hello', mode: 0o100755 },
        ...{ isDeflated: true, hasDescriptor: true },
      },
      { ...mac, name: 'link', content: 'e\u0301te\u0301/a.txt', mode: LINK },
    ])

    expect(endOf(await guest.hydrate(zip))).toBe('done')

    const stats = statSync(at('e\u0301te\u0301/a.txt'))
    expect([stats.mode & 0o777, stats.mtimeMs]).toEqual([0o755, 1_600_000_000_000])
    expect(readFileSync(at('link'), 'utf8')).toBe('hello hello hello')
  })

  it('made on Windows opens with usual modes and its code page', async () => {
    const dos = { host: 0, flags: 0, mode: 0 }
    const zip = buildZip([
      { ...dos, name: Buffer.from([0x81, 0x62, 0x65, 0x72]), content: 'ueber' },
      { ...dos, name: 'folder/' },
    ])
    expect(endOf(await guest.hydrate(zip))).toBe('done')
    expect(statSync(at('über')).mode & 0o777).toBe(0o644)
    expect(statSync(at('folder')).mode & 0o777).toBe(0o755)
  })

  it('loses the setuid, setgid and sticky bits', async () => {
    const zip = buildZip([{ name: 'sudo', content: 'x', mode: FILE | 0o7111 }])
    expect(endOf(await guest.hydrate(zip))).toBe('done')
    expect(statSync(at('sudo')).mode & 0o7777).toBe(0o755)
  })

  it('names the folder itself without being refused', async () => {
    const zip = buildZip([
      { name: './', mode: FOLDER },
      { name: './a', content: 'x' },
    ])
    expect(endOf(await guest.hydrate(zip))).toBe('done')
    expect(readFileSync(at('a'), 'utf8')).toBe('x')
  })
})
