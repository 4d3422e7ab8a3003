import { createHash, type Hash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { VesselError } from '@vessel/proto/errors'
import { DeltaReader, type Span } from '@vessel/proto/guest/archive-delta'
import { type Write, writeSynced } from '../host/write-synced.ts'
import { checkBytes } from './check-bytes.ts'
import { bytesOf, Finder, type Piece, Row } from './pieces.ts'
import { AheadReader } from './read-ahead.ts'
import type { Stored } from './store-whole.ts'

export interface DeltaTarget {
  /** Of the archive that is built on, in the folder of `file`. */
  readonly base: readonly Piece[]
  /** Gets the bytes that are new. */
  readonly file: string
  readonly onBytes: (bytes: number) => void
}

/**
 * Stores an archive of which only what is new comes (see `archive-delta.ts`). The rest stays where
 * it lies: it is read to know the sum of the whole, and checked, but not written again.
 */
export async function storeDelta(
  answer: AsyncIterable<Buffer>,
  target: DeltaTarget,
): Promise<Stored> {
  const reader = new AheadReader(dirname(target.file), target.base)
  try {
    return await writeSynced(target.file, async (write) => {
      const builder = new DeltaBuilder(target, reader, write)
      const delta = new DeltaReader()
      const sent = createHash('sha256')
      let sentBytes = 0
      for await (const chunk of answer) {
        sent.update(chunk)
        sentBytes += chunk.length
        checkBytes(sentBytes)
        for (const part of delta.read(chunk)) {
          const rest = part.kind === 'literal' ? builder.append(part.data) : builder.copy(part.span)
          if (rest) await rest
        }
        target.onBytes(builder.bytes + sentBytes)
      }
      delta.finish()
      return builder.finish(sent.digest('hex'))
    })
  } finally {
    await reader.close()
  }
}

class DeltaBuilder {
  readonly #target: DeltaTarget
  readonly #reader: AheadReader
  readonly #finder: Finder
  readonly #write: Write
  readonly #baseBytes: number
  readonly #hash: Hash = createHash('sha256')
  readonly #row = new Row()
  #written = 0

  constructor(target: DeltaTarget, reader: AheadReader, write: Write) {
    this.#target = target
    this.#reader = reader
    this.#write = write
    this.#finder = new Finder(target.base)
    this.#baseBytes = bytesOf(target.base)
  }

  get bytes(): number {
    return this.#row.bytes
  }

  async append(data: Uint8Array): Promise<void> {
    this.#row.add({
      file: basename(this.#target.file),
      from: this.#written,
      bytes: data.length,
    })
    this.#written += data.length
    checkBytes(this.#row.bytes)
    this.#hash.update(data)
    await this.#write(data)
  }

  /** At once, without a promise, where the bytes are at hand: there are as many as files. */
  copy(span: Span): Promise<void> | undefined {
    const { offset, bytes } = span
    if (bytes === 0 || offset + bytes > this.#baseBytes) {
      throw new VesselError('PACK_FAILED', { detail: 'it copies what is not there' })
    }
    for (const piece of this.#finder.find(offset, bytes)) this.#row.add(piece)
    checkBytes(this.#row.bytes)
    return this.#take(span, { done: 0, crc: 0 })
  }

  #take(span: Span, { done, crc }: { done: number; crc: number }): Promise<void> | undefined {
    const held = this.#reader.held(span.offset + done, span.bytes - done)
    const taken = { done: done + held.length, crc: crc32(held, crc) }
    this.#hash.update(held)
    if (taken.done < span.bytes) {
      return this.#reader.load(span.offset + taken.done).then(() => this.#take(span, taken))
    }
    if (taken.crc === span.crc) return undefined
    throw new VesselError('ARCHIVE_MISMATCH', { detail: 'the last archive is not as it was' })
  }

  finish(sentSha256: string): Stored {
    const { bytes, pieces } = this.#row
    return { sentSha256, sha256: this.#hash.digest('hex'), bytes, pieces }
  }
}
