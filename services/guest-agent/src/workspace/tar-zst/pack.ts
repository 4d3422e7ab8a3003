import { createCipheriv } from 'node:crypto'
import { closeSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { type Batch, batchesOf, sizeOfEntry } from '../batches.ts'
import { createBreather } from '../breathe.ts'
import { checkTotals } from '../check-tree.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { withCrew } from '../crew/crew.ts'
import { readAhead } from '../read-ahead.ts'
import { ReadMemory, readReused } from '../read-chunks.ts'
import { openForRead } from '../read-file.ts'
import { release, releaseBehind } from '../release.ts'
import { tellChanged, tellGone } from '../tell.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { type FrameAnswer, type FramedEntry, ZSTD_PARAMS } from './frame-files.ts'
import { fileHeader } from './tar-entry.ts'
import { paddingOf, TAR } from './tar-format.ts'

/** Of a frame, before it is compressed: what zstd looks back on at its level, so none is lost. */
const FRAME_BYTES = 2 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024
/** Half of what is taken for a bomb when the archive is opened again. */
const RATIO_MAX = ARCHIVE_LIMITS.ratioMax / 2

/** Writes a tar of the entries through zstd, as frames that are made on every core. */
export async function packTarZst(input: PackInput): Promise<TreeTotals> {
  const packer = new TarPacker(input)
  await withCrew(async (crew) => {
    const breathe = createBreather(input.signal)
    const batches = batchesOf(input.entries, { bytesOf: sizeOfEntry, bytesMax: FRAME_BYTES })
    const frame = async (batch: Batch<TreeEntry>) => {
      if (batch.kind === 'large') return null
      const { items: entries, bytes } = batch
      return crew.run('frameFiles', { root: input.root, entries, bytes })
    }
    for await (const { item, result } of readAhead(batches, crew.ahead, frame)) {
      await breathe()
      if (item.kind === 'large') await packer.streamLarge(item.item)
      else if (result) await packer.writeFrame(item.items, result)
    }
  })
  return packer.finish()
}

class TarPacker {
  readonly #input: PackInput
  readonly #memory = new ReadMemory()
  #entries = 0
  #unpackedBytes = 0
  #archiveBytes = 0

  constructor(input: PackInput) {
    this.#input = input
  }

  async writeFrame(entries: readonly TreeEntry[], frame: FrameAnswer): Promise<void> {
    await this.#write(frame.data)
    release(frame.data)
    for (const [index, entry] of entries.entries()) {
      const { outcome, bytes } = frame.entries[index] as FramedEntry
      if (outcome === 'gone') tellGone(this.#input, entry)
      else if (outcome === 'large') await this.streamLarge(entry)
      else this.#count(bytes)
      if (outcome === 'unsteady') tellChanged(this.#input, entry)
    }
  }

  /**
   * The size stands before the data, so a large file that shrinks while it is read is filled up
   * with zeros to what was announced, and one that grows ends there.
   */
  async streamLarge(entry: TreeEntry): Promise<void> {
    const opened = openForRead(this.#input.root, entry.path)
    if (!opened) return tellGone(this.#input, entry)
    const { fd, stats } = opened
    try {
      this.#count(stats.size)
      await this.#stream(
        fileHeader(entry, stats, stats.size),
        this.#contentOf(entry, fd, stats.size),
      )
    } finally {
      closeSync(fd)
    }
  }

  async finish(): Promise<TreeTotals> {
    await this.#stream(Buffer.alloc(2 * TAR.blockBytes), this.#ballast())
    const totals = { entries: this.#entries, unpackedBytes: this.#unpackedBytes }
    checkTotals({ ...totals, archiveBytes: this.#archiveBytes })
    return totals
  }

  async *#contentOf(entry: TreeEntry, fd: number, size: number): AsyncGenerator<Buffer> {
    let read = 0
    for await (const chunk of readReused(fd, { start: 0, bytesMax: size }, this.#memory)) {
      read += chunk.length
      yield chunk
    }
    if (read < size) tellChanged(this.#input, entry)
    for (let left = size - read + paddingOf(size); left > 0; left -= CHUNK_BYTES) {
      yield Buffer.alloc(Math.min(left, CHUNK_BYTES))
    }
  }

  /**
   * Zeros shrink ten thousandfold in zstd, and such an archive would be taken for a bomb when it is
   * opened again. Noise behind the end of the tar, which no reader looks at, gives it weight.
   */
  *#ballast(): Generator<Buffer> {
    if (this.#unpackedBytes <= ARCHIVE_LIMITS.ratioFloorBytes) return
    const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
    for (let left = Math.ceil(this.#unpackedBytes / RATIO_MAX) - this.#archiveBytes; left > 0; ) {
      const piece = noise.update(Buffer.alloc(Math.min(left, CHUNK_BYTES)))
      left -= piece.length
      yield piece
    }
  }

  /** As a frame of its own. */
  async #stream(start: Buffer, rest: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const source = async function* () {
      yield start
      yield* rest
    }
    const drain = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of chunks) await this.#write(chunk)
    }
    const compressor = createZstdCompress({ params: ZSTD_PARAMS, chunkSize: CHUNK_BYTES })
    await pipeline(source, compressor, releaseBehind, drain, { signal: this.#input.signal })
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#archiveBytes += chunk.length
    await this.#input.sink(chunk)
  }

  #count(bytes: number): void {
    this.#entries += 1
    this.#unpackedBytes += bytes
  }
}
