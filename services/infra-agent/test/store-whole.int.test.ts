import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { storeWhole } from '../src/packed/store-whole.ts'

const PIECE = randomBytes(64 * 1024)
const PIECES = 1_200

async function* pieces(failure?: Error): AsyncGenerator<Buffer> {
  for (let index = 0; index < PIECES; index += 1) yield PIECE
  yield PIECE.subarray(0, 7)
  if (failure) throw failure
}

describe('an archive on its way to a file', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vs-'))
    file = join(folder, 'archive')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is there byte for byte, also when it takes several turns to reach the disk', async () => {
    const seen: number[] = []
    const stored = await storeWhole(pieces(), file, (bytes) => seen.push(bytes))
    const content = await readFile(file)
    expect(stored.bytes).toBe(PIECES * PIECE.length + 7)
    expect(content.length).toBe(stored.bytes)
    expect(stored.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    expect(seen.at(-1)).toBe(stored.bytes)
    expect(content.subarray(-7).equals(PIECE.subarray(0, 7))).toBe(true)
  })

  it('leaves no half of itself when the machine ends', async () => {
    const gone = new Error('the machine ended')
    await expect(storeWhole(pieces(gone), file, () => undefined)).rejects.toBe(gone)
    expect(existsSync(file)).toBe(false)
  })
})
