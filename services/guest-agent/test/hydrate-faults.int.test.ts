import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { endOf, sha256Of, startGuest, type TestGuest } from './helpers/guest.ts'
import type { Answer } from './helpers/http.ts'
import { until } from './helpers/until.ts'
import { buildZip } from './helpers/zip-builder.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const ZIP = buildZip([
  { name: 'a.txt', content: 'first' },
  { name: 'b/c.txt', content: 'second' },
])
const noise = Buffer.alloc(1024 ** 2 * 6, 'not so very regular')
const codeOf = (answer: Answer) => (JSON.parse(answer.text) as { code: string }).code

describe('a hydrate that goes wrong', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
  })
  afterEach(() => guest.stop())
  const files = () => readdirSync(guest.config.workspaceDir)
  const put = (headers: Record<string, string>, body: Buffer) =>
    guest.call({ ...GUEST_ROUTES.hydrate, headers, body })

  it('is refused when the content is not what was announced', async () => {
    const answer = await put(
      { 'content-length': String(ZIP.length), [HEADERS.sha256]: sha256Of(Buffer.from('else')) },
      ZIP,
    )
    expect([answer.status, codeOf(answer)]).toEqual([500, 'ARCHIVE_MISMATCH'])
    expect(files()).toEqual([])
  })

  it.each([
    ['sha256', { 'content-length': '5' }],
    ['a readable sha256', { 'content-length': '5', [HEADERS.sha256]: 'no' }],
    [
      'a known format',
      {
        ...{ 'content-length': '5', [HEADERS.sha256]: sha256Of(ZIP) },
        [HEADERS.archiveFormat]: 'rar',
      },
    ],
    ['content-length', { 'transfer-encoding': 'chunked', [HEADERS.sha256]: sha256Of(ZIP) }],
  ])('is refused without %s', async (_, headers) => {
    const answer = await put(headers as Record<string, string>, Buffer.from('12345'))
    expect(answer.status).toBe(400)
    expect((await guest.health()).workspace).toBe('empty')
  })

  it('is refused before the body when the archive is larger than any may be', async () => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port: guest.port, agent: false },
      ...GUEST_ROUTES.hydrate,
      headers: {
        [HEADERS.guestToken]: guest.config.token,
        [HEADERS.sha256]: sha256Of(ZIP),
        'content-length': String(30 * 1024 ** 3),
      },
    })
    outgoing.on('error', () => undefined)
    outgoing.flushHeaders()
    const status = await new Promise((resolve) => {
      outgoing.once('response', (response) => resolve(response.statusCode))
    })
    outgoing.destroy()
    expect(status).toBe(422)
  })

  it('leaves nothing when the upload is cut, and can be tried again', async () => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port: guest.port, agent: false },
      ...GUEST_ROUTES.hydrate,
      headers: {
        [HEADERS.guestToken]: guest.config.token,
        [HEADERS.sha256]: sha256Of(ZIP),
        'content-length': String(ZIP.length),
      },
    })
    outgoing.on('error', () => undefined)
    outgoing.write(ZIP.subarray(0, 40))
    await until(
      'the upload has begun',
      async () => (await guest.health()).workspace === 'hydrating',
    )
    const second = await put(
      { 'content-length': String(ZIP.length), [HEADERS.sha256]: sha256Of(ZIP) },
      ZIP,
    )
    expect(codeOf(second)).toBe('SESSION_BUSY')
    outgoing.destroy()
    await until('it is given up', async () => (await guest.health()).workspace === 'failed')

    expect(files()).toEqual([])
    expect(existsSync(join(guest.config.stateDir, 'upload.archive'))).toBe(false)
    expect(endOf(await guest.hydrate(ZIP))).toBe('done')
    expect(files().sort()).toEqual(['a.txt', 'b'])
  })

  it('does not touch a workspace that is ready', async () => {
    await guest.hydrate(ZIP)
    const refused = await guest.hydrate(ZIP).catch((answer: Answer) => answer)
    expect(codeOf(refused as Answer)).toBe('CONFLICT')
    expect((await guest.health()).workspace).toBe('ready')
    expect(files().sort()).toEqual(['a.txt', 'b'])
  })

  it('does not touch files that are not its own', async () => {
    writeFileSync(join(guest.config.workspaceDir, 'mine'), 'x')
    const refused = await guest.hydrate(ZIP).catch((answer: Answer) => answer)
    expect(codeOf(refused as Answer)).toBe('CONFLICT')
    expect(files()).toEqual(['mine'])
  })

  it('removes what was half unpacked when the agent died, and then unpacks again', async () => {
    const { stateDir, workspaceDir } = guest.config
    writeFileSync(join(stateDir, 'workspace-hydrating'), '')
    writeFileSync(join(workspaceDir, 'half'), 'x')
    mkdirSync(join(guest.root, '.vessel-unpack-workspace-abc'))
    await guest.restart()
    expect(files()).toEqual([])
    expect(readdirSync(guest.root).sort()).toEqual(['home', 'state', 'workspace'])
    expect((await guest.health()).workspace).toBe('failed')
    expect(endOf(await guest.hydrate(ZIP))).toBe('done')
  })
})

describe('a workspace on a volume of its own', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', guest.config.workspaceDir])
  })
  afterEach(async () => {
    execFileSync('umount', ['--lazy', guest.config.workspaceDir])
    await guest.stop()
  })
  const files = () => readdirSync(guest.config.workspaceDir)

  it('is filled without replacing the mount, and keeps lost+found out of it', async () => {
    mkdirSync(join(guest.config.workspaceDir, 'lost+found'), { mode: 0o700 })
    expect(endOf(await guest.hydrate(ZIP))).toBe('done')
    expect(files().sort()).toEqual(['a.txt', 'b', 'lost+found'])
    expect((await guest.pack()).trailers[HEADERS.entries]).toBe('3')
    expect(JSON.parse((await guest.preview()).text)).toMatchObject({ leftOut: [], leftOutCount: 0 })
  })

  it('that is too small is told so before anything is written', async () => {
    const lines = await guest.hydrate(buildZip([{ name: 'n', content: noise, isDeflated: true }]))
    expect(endOf(lines)).toBe('DISK_FULL')
    expect(files()).toEqual([])
  })

  it('that runs full while it is filled is emptied again', async () => {
    // Many small files take more room than their bytes: only writing shows that it is full.
    const parts = Array.from({ length: 1_200 }, (_, n) => ({ name: `f/${n}`, content: 'x' }))
    const lines = await guest.hydrate(buildZip(parts))
    expect(endOf(lines)).toBe('DISK_FULL')
    expect(files()).toEqual([])
    expect((await guest.health()).workspace).toBe('failed')
  })
})

describe('a state folder that is full', () => {
  it('is told while the upload still comes', async () => {
    const guest = await startGuest()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', guest.config.stateDir])
    try {
      const refused = await guest
        .hydrate(buildZip([{ name: 'n', content: noise }]))
        .catch((answer: Answer) => answer)
      expect(codeOf(refused as Answer)).toBe('DISK_FULL')
      expect((await guest.health()).workspace).toBe('failed')
    } finally {
      execFileSync('umount', ['--lazy', guest.config.stateDir])
      await guest.stop()
    }
  })
})
