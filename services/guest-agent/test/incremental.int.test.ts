import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  lutimesSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { DeltaReader } from '@vessel/proto/guest/archive-delta'
import { HEADERS } from '@vessel/proto/headers'
import { endOf, sha256Of, startGuest, type TestGuest } from './helpers/guest.ts'
import type { Answer } from './helpers/http.ts'
import { snapshot } from './helpers/tree.ts'
import { until } from './helpers/until.ts'

jest.setTimeout(60_000)

const LARGE_BYTES = 3 * 1024 ** 2
const UNREAD_BYTES = 32 * 1024 ** 2
/** Of `SETTLED_MS` in the index: a younger file is sent again. */
const SETTLED_MS = 2_000

interface Packed {
  readonly name: string
  readonly archive: Buffer
  /** That came over the line. */
  readonly sentBytes: number
}

const header = (answer: Answer, name: string) => String(answer.headers[name] ?? '')

/** What a host makes of an answer: the archive, from what is new and the one it has. */
function assemble(answer: Answer, base?: Packed): Packed {
  expect(answer.trailers[HEADERS.sha256]).toBe(sha256Of(answer.body))
  const over = header(answer, HEADERS.archiveBase)
  const made = { name: header(answer, HEADERS.archiveName), sentBytes: answer.body.length }
  if (over === '') return { ...made, archive: answer.body }
  if (over !== base?.name) throw new Error(`it builds on ${over}`)
  const reader = new DeltaReader()
  const parts: Uint8Array[] = []
  for (const part of reader.read(answer.body)) {
    if (part.kind === 'literal') parts.push(part.data)
    else {
      const { offset, bytes, crc } = part.span
      const copied = base.archive.subarray(offset, offset + bytes)
      expect(crc32(copied)).toBe(crc)
      parts.push(copied)
    }
  }
  reader.finish()
  return { ...made, archive: Buffer.concat(parts) }
}

describe('a pack after a pack', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
    await guest.hydrate(Buffer.alloc(0))
  })
  afterEach(() => guest.stop())

  const at = (name: string) => join(guest.config.workspaceDir, name)
  const pack = async (base?: Packed) =>
    assemble(await guest.pack({ format: 'zip', base: base?.name }), base)
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

  it('is the very same archive, of which nothing but its directory is sent', async () => {
    await makeTree()
    const first = await pack()
    expect(first.sentBytes).toBe(first.archive.length)
    const second = await pack(first)
    expect(second.sentBytes).toBeLessThan(first.sentBytes / 100)
    const third = await pack(second)
    expect(third.archive.equals(first.archive)).toBe(true)
    expect((await pack()).archive.equals(first.archive)).toBe(true)
  })

  it('has every change in it, whatever its size and time say', async () => {
    await makeTree()
    const first = await pack()
    const { atime, mtime } = statSync(at('src/1.ts'))
    writeFileSync(at('src/1.ts'), `EXPORT const value = ${1}\n`.repeat(100))
    utimesSync(at('src/1.ts'), atime, mtime)
    appendFileSync(at('large.bin'), 'more')
    renameSync(at('src/2.ts'), at('src/3.ts'))
    rmSync(at('src/4.ts'))
    chmodSync(at('src/5.ts'), 0o755)
    writeFileSync(at('src/new.ts'), 'new')
    lutimesSync(at('run.sh'), 1, 1)

    const second = await pack(first)
    const expected = snapshot(guest.config.workspaceDir)
    const other = await startGuest()
    try {
      expect(endOf(await other.hydrate(second.archive))).toBe('done')
      expect(snapshot(other.config.workspaceDir)).toEqual(expected)
    } finally {
      await other.stop()
    }
    expect((await pack()).archive.equals(second.archive)).toBe(true)
  })

  it('sends a large file again when it changed, and only then', async () => {
    await makeTree()
    const first = await pack()
    expect((await pack(first)).sentBytes).toBeLessThan(LARGE_BYTES / 100)
    const again = await pack()
    appendFileSync(at('large.bin'), 'more')
    expect((await pack(again)).sentBytes).toBeGreaterThan(LARGE_BYTES)
  })

  it('sends again what was changed so shortly before that its times may not say so', async () => {
    await makeTree()
    writeFileSync(at('src/1.ts'), 'young')
    const first = await pack()
    writeFileSync(at('src/1.ts'), 'older')
    const second = await pack(first)
    expect((await pack()).archive.equals(second.archive)).toBe(true)
  })

  it.each([
    ['the archive is not the last one', async () => void (await pack())],
    ['the guest agent was started again', () => guest.restart()],
  ])('is a whole one when %s', async (_, change) => {
    await makeTree()
    const first = await pack()
    await change()
    const second = await pack(first)
    expect(second.sentBytes).toBe(first.sentBytes)
    expect(second.archive.equals(first.archive)).toBe(true)
  })

  it('is still built on when the pack after it was broken off', async () => {
    // More than the sockets between hold, so that a pack of it cannot go through unread.
    writeFileSync(at('unread.bin'), randomBytes(UNREAD_BYTES))
    await makeTree()
    const first = await pack()
    appendFileSync(at('unread.bin'), 'more')
    await breakOff({ format: 'zip', base: first.name })
    rmSync(at('unread.bin'))
    await until('the workspace is free', async () => {
      const answer = await guest.pack({ format: 'zip', base: first.name })
      if (answer.status !== 200) return false
      expect(assemble(answer, first).sentBytes).toBeLessThan(first.sentBytes / 100)
      return true
    })
  })

  /** Reads the head of the answer and hangs up. */
  async function breakOff(body: object): Promise<void> {
    const { method, path } = GUEST_ROUTES.pack
    const headers = { [HEADERS.guestToken]: guest.config.token, 'content-type': 'application/json' }
    const call = request({ host: '127.0.0.1', port: guest.port, method, path, headers })
    call.end(JSON.stringify(body))
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(200)
    call.destroy()
  }
})
