import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Crew } from '../src/workspace/crew/crew.ts'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { makeLargeTree, noiseOf, snapshot } from './helpers/tree.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

describe.each(['zip', 'tar.zst'])('a project that takes every core, as %s', (format) => {
  let first: TestGuest
  let second: TestGuest
  beforeEach(async () => {
    first = await startGuest()
    second = await startGuest()
    await first.hydrate(Buffer.alloc(0))
    makeLargeTree(first.config.workspaceDir)
  })
  afterEach(() => Promise.all([first.stop(), second.stop()]))

  it('comes back as it was', async () => {
    const before = snapshot(first.config.workspaceDir)
    const packed = await first.pack({ format })
    expect(endOf(await second.hydrate(packed.body))).toBe('done')
    expect(snapshot(second.config.workspaceDir)).toEqual(before)
  })

  it('is the same archive however the threads took turns', async () => {
    const [one, two] = [await first.pack({ format }), await first.pack({ format })]
    expect(one.body.equals(two.body)).toBe(true)
  })

  it('is refused whole when one of its bytes is another', async () => {
    const { body } = await first.pack({ format })
    const at = Math.floor(body.length * 0.8)
    body.writeUInt8(body.readUInt8(at) ^ 1, at)
    expect(endOf(await second.hydrate(body))).toBe('ARCHIVE_CORRUPT')
    expect(readdirSync(second.config.workspaceDir)).toEqual([])
    expect(readdirSync(second.root).sort()).toEqual(['home', 'state', 'workspace'])
  })
})

describe('a large file in a zip', () => {
  it.each([
    ['that cannot be made smaller is stored as it is', noiseOf(3_000_000), 0],
    ['that can is compressed', Buffer.alloc(3_000_000, 'const answer = 42\n'), 8],
  ])('%s, whatever its name', async (_, content, method) => {
    const guest = await startGuest()
    try {
      await guest.hydrate(Buffer.alloc(0))
      writeFileSync(join(guest.config.workspaceDir, 'file.bin'), content)
      const { body } = await guest.pack({ format: 'zip' })
      expect(body.readUInt32LE(0)).toBe(0x04034b50)
      expect(body.readUInt16LE(8)).toBe(method)
    } finally {
      await guest.stop()
    }
  })
})

describe('a crew', () => {
  const order = { root: '/', paths: [], bytes: 8 * 1024 ** 2 }

  it('gives up the jobs of a thread that ends, and none waits for ever', async () => {
    const crew = new Crew(2, () => new Worker('process.exit(3)', { eval: true }))
    const jobs = [1, 2, 3].map(() => crew.run('codeFiles', order))
    const outcomes = await Promise.allSettled(jobs)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await crew.close()
  })

  it('brings the code of a failed file operation back from its thread', async () => {
    const crew = new Crew(1)
    const file = { path: 'missing/file', mode: 0o644, mtimeMs: 0, bytes: 0 }
    const data = Buffer.allocUnsafeSlow(0)
    const job = crew.run('writeFiles', { root: '/', files: [file], bytes: 8 * 1024 ** 2, data })
    await expect(job).rejects.toMatchObject({ code: 'ENOENT' })
    await crew.close()
  })
})
