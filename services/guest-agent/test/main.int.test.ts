import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { makeRoot, sha256Of } from './helpers/guest.ts'
import { type GuestProcess, spawnGuest } from './helpers/process.ts'
import { makeLargeTree } from './helpers/tree.ts'
import { until } from './helpers/until.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const SERVICE = fileURLToPath(new URL('..', import.meta.url))

describe('the guest agent as a program', () => {
  let guest: GuestProcess | undefined
  afterEach(async () => {
    await guest?.cleanUp()
    guest = undefined
  })

  it('prints one line when it listens, writes its port, and ends cleanly on SIGTERM', async () => {
    const started = await spawnGuest()
    guest = started
    // The port is written to its file first; the line comes through a pipe.
    await until('it says that it listens', () => started.output().includes('\n'))
    const [line] = guest.output().split('\n')
    const said = JSON.parse(line as string)
    expect(said).toMatchObject({ msg: 'listening', host: '127.0.0.1', pid: guest.pid })
    expect(said.port).toBeGreaterThan(0)
    expect(statSync(join(guest.config.stateDir, 'guest.json')).mode & 0o077).toBe(0)
    expect((await guest.call(GUEST_ROUTES.health)).status).toBe(200)
    expect(await guest.end('SIGTERM')).toBe(0)
    expect(guest.output()).not.toContain(guest.config.token)
  })

  it('ends although a reader of the stream stays', async () => {
    guest = await spawnGuest()
    const reading = guest.call(GUEST_ROUTES.stream).catch(() => undefined)
    await guest.call(GUEST_ROUTES.health)
    expect(await guest.end('SIGTERM')).toBe(0)
    await reading
  })

  it('does not start with a configuration that others can read', async () => {
    const root = await makeRoot()
    const file = join(root, 'config.json')
    writeFileSync(file, '{}')
    chmodSync(file, 0o644)
    const argv = ['--conditions=development', join(SERVICE, 'src/main.ts'), file]
    const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, expect.stringContaining('make it 0600')])
    rmSync(root, { recursive: true })
  })

  it('runs as one file in an empty folder', async () => {
    execFileSync(process.execPath, ['build.mjs'], { cwd: SERVICE })
    const root = await makeRoot()
    const alone = join(root, 'alone')
    mkdirSync(alone)
    copyFileSync(join(SERVICE, 'dist/guest-agent.mjs'), join(alone, 'guest-agent.mjs'))
    guest = await spawnGuest({ argv: ['guest-agent.mjs'], cwd: alone, root })
    const hydrated = await guest.call({
      ...GUEST_ROUTES.hydrate,
      headers: { 'content-length': '0' },
    })
    expect(hydrated.text).toContain('"done"')
    // Enough for threads, which run the same file.
    makeLargeTree(guest.config.workspaceDir)
    const packed = await guest.call({ ...GUEST_ROUTES.pack, body: '{"format":"zip"}' })
    expect(packed.status).toBe(200)
    expect(packed.trailers[HEADERS.sha256]).toBe(sha256Of(packed.body))
    expect(guest.output().trim().split('\n')).toHaveLength(1)
    expect(existsSync(join(guest.config.stateDir, 'workspace-ready'))).toBe(true)
    expect(await guest.end('SIGTERM')).toBe(0)
  })
})
