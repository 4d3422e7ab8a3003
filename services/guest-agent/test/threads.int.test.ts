import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Crew } from '../src/workspace/crew/crew.ts'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { makeLargeTree, snapshot } from './helpers/tree.ts'

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
