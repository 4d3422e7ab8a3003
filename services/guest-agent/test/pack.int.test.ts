import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES, PREVIEW_PATHS_MAX, savePreview } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { spawnGuest } from './helpers/process.ts'
import { openStream } from './helpers/stream.ts'
import { makeNastyTree, snapshot } from './helpers/tree.ts'
import { until } from './helpers/until.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

describe('a pack', () => {
  let guest: TestGuest
  let other: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
    other = await startGuest()
  })
  afterEach(() => Promise.all([guest.stop(), other.stop()]))
  const at = (name: string) => join(guest.config.workspaceDir, name)
  const write = (name: string, content: string | Buffer = name) => {
    mkdirSync(join(at(name), '..'), { recursive: true })
    writeFileSync(at(name), content)
  }
  const open = async (body: Buffer) => {
    expect(endOf(await other.hydrate(body))).toBe('done')
    return readdirSync(other.config.workspaceDir, { recursive: true }).map(String).sort()
  }

  it('is refused before the workspace got its files', async () => {
    const answer = await guest.pack()
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([409, 'CONFLICT'])
  })

  it('is refused when the mark on disk is gone, whatever the process remembers', async () => {
    await guest.hydrate(Buffer.alloc(0))
    rmSync(join(guest.config.stateDir, 'workspace-ready'))
    expect((await guest.pack()).status).toBe(409)
  })

  it('leaves out what is listed, and what is always rebuilt', async () => {
    await guest.hydrate(Buffer.alloc(0))
    for (const name of ['node_modules/x/i.js', 'sub/node_modules/y', 'dist/out', 'src/keep.ts']) {
      write(name)
    }
    for (const name of ['debug.log', 'important.log', 'Dist', 'tmp/a']) write(name)
    write('.vesselignore', '# built\ndist/\n*.log\n!important.log\n!node_modules/\n')

    const { body } = await guest.pack({ format: 'zip', ignore: ['/tmp'] })

    expect(await open(body)).toEqual([
      ...['.vesselignore', 'Dist', 'important.log', 'src', 'src/keep.ts', 'sub'],
    ])
  })

  it('can be looked at before it is made, and is what was said', async () => {
    expect((await guest.preview()).status).toBe(409)
    await guest.hydrate(Buffer.alloc(0))
    for (const name of ['src/a.ts', 'src/b.ts', 'dist/out', 'node_modules/x/i.js', 'a.log']) {
      write(name, 'x'.repeat(100))
    }
    symlinkSync('src/a.ts', at('link'))
    write('.vesselignore', 'dist/\n')
    const { status, text } = await guest.preview({ ignore: ['*.log'] })
    expect(status).toBe(200)
    const told = savePreview.parse(JSON.parse(text))
    expect(told).toEqual({
      files: 4,
      unpackedBytes: 214,
      isMore: false,
      leftOut: ['a.log', 'dist/', 'node_modules/'],
      leftOutCount: 3,
      leftOutSize: { bytes: 300, isMore: false },
    })
    const { trailers } = await guest.pack({ format: 'zip', ignore: ['*.log'] })
    // The folder `src` is an entry of the archive and no file of anyone.
    expect(Number(trailers[HEADERS.entries])).toBe(told.files + 1)
    expect(Number(trailers[HEADERS.unpackedBytes])).toBe(told.unpackedBytes)
  })

  it('names some of many files that it leaves out, and counts them all', async () => {
    await guest.hydrate(Buffer.alloc(0))
    for (let at = 0; at < 50; at += 1) write(`${String(at).padStart(2, '0')}.log`)
    const told = savePreview.parse(JSON.parse((await guest.preview({ ignore: ['*.log'] })).text))
    const leftOutSize = { bytes: 50 * '00.log'.length, isMore: false }
    expect(told).toMatchObject({ files: 0, leftOutCount: 50, leftOutSize })
    expect(told.leftOut).toHaveLength(PREVIEW_PATHS_MAX)
  })

  it('ignores nothing for a pattern that makes no sense', async () => {
    await guest.hydrate(Buffer.alloc(0))
    for (const name of ['a', 'b/c', '[', 'z']) write(name)
    write('.vesselignore', ['[', '[!a', '\\', '!', '/', 'b\\', '(', ''].join('\n'))
    const { body } = await guest.pack()
    expect(await open(body)).toEqual(expect.arrayContaining(['a', 'b', 'b/c', 'z']))
  })

  it('leaves out sockets and pipes and says so', async () => {
    await guest.hydrate(Buffer.alloc(0))
    write('file')
    execFileSync('mkfifo', [at('pipe')])
    const stream = openStream(guest)
    const { body } = await guest.pack()
    expect(await open(body)).toEqual(['file'])
    await until('the log says so', () =>
      stream.ofType('log').some(({ text }) => text.includes('"pipe" is a socket, pipe or device')),
    )
    stream.close()
  })

  it('keeps links to the outside, which only an archive of ours may hold', async () => {
    await guest.hydrate(Buffer.alloc(0))
    mkdirSync(at('venv/bin'), { recursive: true })
    symlinkSync('/usr/bin/python3', at('venv/bin/python'))
    symlinkSync('../../../above', at('venv/bin/above'))
    const before = snapshot(guest.config.workspaceDir)
    await open((await guest.pack()).body)
    expect(snapshot(other.config.workspaceDir)).toEqual(before)
  })

  it.each(['zip', 'tar.zst'])('as %s of zeros is not taken for a bomb', async (format) => {
    await guest.hydrate(Buffer.alloc(0))
    write('zeros', Buffer.alloc(150 * 1024 ** 2))
    for (let n = 0; n < 100; n += 1) write(`small/${n}`, Buffer.alloc(1024 ** 2))
    const { body, trailers } = await guest.pack({ format })
    expect(Number(trailers[HEADERS.unpackedBytes])).toBe(250 * 1024 ** 2)
    await open(body)
    expect(statSync(join(other.config.workspaceDir, 'zeros')).size).toBe(150 * 1024 ** 2)
  })

  it('that the client leaves gives everything free for the next', async () => {
    await guest.hydrate(Buffer.alloc(0))
    for (let n = 0; n < 40; n += 1) write(`noise-${n}.png`, Buffer.alloc(1024 ** 2, `${n} x`))
    const before = readdirSync('/proc/self/fd').length
    await new Promise<void>((resolve) => {
      const outgoing = request({
        ...{ host: '127.0.0.1', port: guest.port, agent: false, ...GUEST_ROUTES.pack },
        headers: { [HEADERS.guestToken]: guest.config.token },
      })
      outgoing.on('error', () => undefined)
      outgoing.once('response', (response) => {
        response.once('data', () => {
          response.destroy()
          resolve()
        })
      })
      outgoing.end('{"format":"zip"}')
    })
    const next = await until('the next pack is let in', async () => {
      const answer = await guest.pack()
      return answer.status === 200 ? answer : undefined
    })
    expect(await open(next.body)).toHaveLength(40)
    await until('all files are closed', () => readdirSync('/proc/self/fd').length <= before + 2)
  })

  it('is the only one at a time', async () => {
    await guest.hydrate(Buffer.alloc(0))
    for (let n = 0; n < 60; n += 1) write(`n-${n}`, Buffer.alloc(1024 ** 2, `${n} text`))
    const first = guest.pack()
    const second = await until('the first has begun', async () => {
      const answer = await guest.pack()
      return answer.status !== 200 ? answer : undefined
    })
    expect(JSON.parse(second.text)).toMatchObject({ code: 'OP_IN_FLIGHT', retryAfterMs: 1_000 })
    expect((await first).status).toBe(200)
  })

  it.each(['zip', 'tar.zst'])('as %s is never corrupt while files change', async (format) => {
    await guest.hydrate(Buffer.alloc(0))
    for (let n = 0; n < 300; n += 1) write(`d/${n}`, `${n}\n`.repeat(2_000))
    for (const name of ['grows.bin', 'shrinks.bin']) write(name, Buffer.alloc(8 * 1024 ** 2, name))
    let isDone = false
    const disturb = async () => {
      for (let n = 0; !isDone; n = (n + 1) % 300) {
        appendFileSync(at('grows.bin'), 'more and more')
        truncateSync(at('shrinks.bin'), Math.max(0, statSync(at('shrinks.bin')).size - 65_536))
        if (n % 3 === 0) rmSync(at(`d/${n}`), { force: true })
        else writeFileSync(at(`d/${n}`), 'rewritten')
        await new Promise(setImmediate)
      }
    }
    const disturbing = disturb()
    for (let round = 0; round < 3; round += 1) {
      const { body, trailers } = await guest.pack({ format })
      const target = await startGuest()
      expect(endOf(await target.hydrate(body))).toBe('done')
      const names = readdirSync(target.config.workspaceDir, { recursive: true })
      expect(names).toHaveLength(Number(trailers[HEADERS.entries]))
      await target.stop()
    }
    isDone = true
    await disturbing
  })

  it('refuses a tree that could not be opened again, before the first byte', async () => {
    await guest.hydrate(Buffer.alloc(0))
    mkdirSync(at(Array.from({ length: 130 }, () => 'd').join('/')), { recursive: true })
    const answer = await guest.pack()
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([422, 'ARCHIVE_TOO_LARGE'])
  })
})

describe('a pack by an ordinary user', () => {
  it('contains what its owner closed to everyone, and leaves it closed', async () => {
    const nobody = 65_534
    const guest = await spawnGuest({ uid: nobody })
    const target = await startGuest()
    try {
      await guest.call({ ...GUEST_ROUTES.hydrate, headers: { 'content-length': 0 } })
      const { workspaceDir } = guest.config
      makeNastyTree(workspaceDir)
      execFileSync('chown', ['-hR', `${nobody}:${nobody}`, workspaceDir])
      const before = snapshot(workspaceDir)

      const packed = await guest.call({ ...GUEST_ROUTES.pack, body: '{"format":"zip"}' })

      expect(packed.status).toBe(200)
      expect(snapshot(workspaceDir)).toEqual(before)
      expect(endOf(await target.hydrate(packed.body))).toBe('done')
      expect(snapshot(target.config.workspaceDir)).toEqual(before)
    } finally {
      await guest.cleanUp()
      await target.stop()
    }
  })

  it('is hydrated by one, closed folders included', async () => {
    const source = await startGuest()
    const guest = await spawnGuest({ uid: 65_534 })
    try {
      await source.hydrate(Buffer.alloc(0))
      makeNastyTree(source.config.workspaceDir)
      const { body, trailers } = await source.pack()
      const answer = await guest.call({
        ...GUEST_ROUTES.hydrate,
        headers: {
          'content-length': body.length,
          [HEADERS.sha256]: trailers[HEADERS.sha256] as string,
        },
        body,
      })
      expect(answer.text).toContain('"type":"done"')
      expect(snapshot(guest.config.workspaceDir)).toEqual(snapshot(source.config.workspaceDir))
    } finally {
      await source.stop()
      await guest.cleanUp()
    }
  })
})
