import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { copyPart, literalHead } from '@vessel/proto/guest/archive-delta'
import { sessionId } from '@vessel/proto/ids'
import { PackedFilesOnDisk } from '../src/packed/packed-files.ts'
import type { Piece } from '../src/packed/pieces.ts'
import { storeDelta } from '../src/packed/store-delta.ts'
import { createPaths } from '../src/paths.ts'
import type { PackedFiles } from '../src/vm/ports.ts'

const PLACE = sessionId.parse('6f1f3bb0-5b8f-4c43-9d0c-0f8d8f9f0a01')
/** More than one window of the reader. */
const BASE_BYTES = 3 * 1024 * 1024 + 17
const NEWS = Buffer.from('what is new')
/** Of `packed-files.ts`. */
const FILES_MAX = 16

describe('archives on a host', () => {
  let root: string
  let packed: PackedFiles
  let folder: string
  const base = randomBytes(BASE_BYTES)

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'vp-'))
    const paths = createPaths(root)
    folder = paths.staging(PLACE)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '1-1.part.zip'), base)
    packed = new PackedFilesOnDisk(paths)
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const whole = { file: '1-1.part.zip', bytes: BASE_BYTES }
  const copy = (content: Buffer, offset: number, bytes: number) => {
    const crc = crc32(content.subarray(offset, offset + bytes))
    return copyPart({ offset, bytes, crc })
  }
  const literal = (data: Buffer) => Buffer.concat([literalHead(data.length), data])
  async function store(parts: readonly Uint8Array[], file: string, over: readonly Piece[]) {
    const answer = (async function* () {
      for (const part of parts) yield Buffer.from(part)
    })()
    const target = { base: over, file: join(folder, file), onBytes: () => undefined }
    return storeDelta(answer, target)
  }
  async function contentOf(archive: { file: string; bytes: number }): Promise<Buffer> {
    const reader = await packed.open(PLACE, archive)
    const chunks: Buffer[] = []
    for await (const chunk of reader.read(0, archive.bytes)) chunks.push(Buffer.from(chunk))
    await reader.close()
    return Buffer.concat(chunks)
  }
  /** An archive over the whole one: its beginning, something new, and its end. */
  async function saveOver(content: Buffer, file: string, over: readonly Piece[]) {
    const cut = content.length - 5
    const parts = [copy(content, 0, 100), literal(NEWS), copy(content, 200, cut - 200)]
    const stored = await store(parts, file, over)
    await packed.note(PLACE, file, stored.pieces)
    return { ...stored, file, expected: expectedOf(content, cut) }
  }
  const expectedOf = (content: Buffer, cut: number) =>
    Buffer.concat([content.subarray(0, 100), NEWS, content.subarray(200, cut)])

  it('are pieces of the one before and what is new, and read as one file', async () => {
    const pieces = (await packed.piecesOf(PLACE, whole)) ?? []
    const made = await saveOver(base, '1-2.part.zip', pieces)
    expect(made.bytes).toBe(made.expected.length)
    expect(made.sha256).toBe(createHash('sha256').update(made.expected).digest('hex'))
    expect((await contentOf(made)).equals(made.expected)).toBe(true)
    expect((await readFile(join(folder, '1-2.part.zip'))).equals(NEWS)).toBe(true)
  })

  it('may copy the one before in any order, as often as they like', async () => {
    const spans = [
      [2 * 1024 * 1024 - 100, 1024 * 1024],
      [5, 10],
      [1024 * 1024 - 3, 7],
      [0, BASE_BYTES],
      [BASE_BYTES - 1, 1],
    ] as const
    const parts = spans.map(([from, bytes]) => copy(base, from, bytes))
    const over = (await packed.piecesOf(PLACE, whole)) ?? []
    const stored = await store(parts, '1-2.part.zip', over)
    await packed.note(PLACE, '1-2.part.zip', stored.pieces)
    const expected = spans.map(([from, bytes]) => base.subarray(from, from + bytes))
    const content = await contentOf({ file: '1-2.part.zip', bytes: stored.bytes })
    expect(content.equals(Buffer.concat(expected))).toBe(true)
    expect(stored.sha256).toBe(createHash('sha256').update(content).digest('hex'))
  })

  it('are read from anywhere, as an upload that goes on does', async () => {
    const made = await saveOver(base, '1-2.part.zip', (await packed.piecesOf(PLACE, whole)) ?? [])
    const reader = await packed.open(PLACE, made)
    for (const [from, bytes] of [
      [made.bytes - 3, 3],
      [90, 40],
      [0, 1],
      [1024 * 1024 - 1, 2 * 1024 * 1024 - 200],
    ] as const) {
      const chunks: Buffer[] = []
      for await (const chunk of reader.read(from, bytes)) chunks.push(Buffer.from(chunk))
      expect(Buffer.concat(chunks).equals(made.expected.subarray(from, from + bytes))).toBe(true)
    }
    await reader.close()
  })

  it('are refused, and leave nothing, when what they build on is damaged', async () => {
    const damaged = Buffer.from(base)
    damaged.writeUInt8(damaged.readUInt8(50) ^ 0xff, 50)
    await writeFile(join(folder, whole.file), damaged)
    const pieces = (await packed.piecesOf(PLACE, whole)) ?? []
    await expect(store([copy(base, 0, 100)], '1-2.part.zip', pieces)).rejects.toMatchObject({
      code: 'ARCHIVE_MISMATCH',
    })
    expect(await readdir(folder)).toEqual([whole.file])
  })

  it.each([
    ['copy what is not there', copyPart({ offset: BASE_BYTES - 1, bytes: 2, crc: 0 })],
    ['copy nothing', copyPart({ offset: 0, bytes: 0, crc: 0 })],
  ])('are refused when they %s', async (_, part) => {
    const pieces = (await packed.piecesOf(PLACE, whole)) ?? []
    await expect(store([part], '1-2.part.zip', pieces)).rejects.toMatchObject({
      code: 'PACK_FAILED',
    })
  })

  it('are no archive any more when one of their files is short or gone', async () => {
    const made = await saveOver(base, '1-2.part.zip', (await packed.piecesOf(PLACE, whole)) ?? [])
    expect(await packed.piecesOf(PLACE, made)).not.toBeNull()
    await truncate(join(folder, whole.file), BASE_BYTES - 6)
    expect(await packed.piecesOf(PLACE, made)).toBeNull()
    await expect(packed.open(PLACE, made)).rejects.toThrow('is not whole')
  })

  it('keep the files of those they build on, and no others', async () => {
    const made = await saveOver(base, '1-2.part.zip', (await packed.piecesOf(PLACE, whole)) ?? [])
    await writeFile(join(folder, '1-0.part.zip'), 'of no use')
    await writeFile(join(folder, 'source.zip'), 'not packed here')
    await packed.sweep(PLACE, [made])
    const names = ['1-1.part.zip', '1-2.part.zip', '1-2.part.zip.json', 'source.zip']
    expect((await readdir(folder)).sort()).toEqual(names)
    await packed.sweep(PLACE, [])
    expect(await readdir(folder)).toEqual(['source.zip'])
  })

  it('become one file again after many saves, with every byte as it was', async () => {
    let last: { file: string; bytes: number } = whole
    let content: Buffer = base
    for (let seq = 2; seq <= FILES_MAX + 1; seq += 1) {
      await packed.gather(PLACE, last)
      const pieces = (await packed.piecesOf(PLACE, last)) ?? []
      const file = `1-${seq}.part.zip`
      const stored = await store([copy(content, 0, content.length), literal(NEWS)], file, pieces)
      await packed.note(PLACE, file, stored.pieces)
      expect(stored.pieces).toHaveLength(seq)
      content = Buffer.concat([content, NEWS])
      last = { file, bytes: stored.bytes }
    }
    await packed.gather(PLACE, last)
    await packed.sweep(PLACE, [last])
    expect(await packed.piecesOf(PLACE, last)).toHaveLength(1)
    expect((await contentOf(last)).equals(content)).toBe(true)
    expect(await readdir(folder)).toHaveLength(2)
  })
})
