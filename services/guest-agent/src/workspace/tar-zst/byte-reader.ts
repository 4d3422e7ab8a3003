import { VesselError } from '@vessel/proto/errors'

/** Hands out a stream of chunks in pieces of the size one asks for. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Exactly this many bytes, which MUST be few: they are joined in memory. */
  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.pieces(bytes)) parts.push(part)
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  /** The next bytes piece by piece, without copying. */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill()
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async skip(bytes: number): Promise<void> {
    for await (const _ of this.pieces(bytes));
  }

  /** Reads on to the end of the stream, which MUST come within so many bytes. */
  async drain(bytesMax: number): Promise<void> {
    for (let bytes = this.#rest.length; bytes <= bytesMax; ) {
      const next = await this.#source.next()
      if (next.done) return
      bytes += next.value.length
    }
    throw new VesselError('ARCHIVE_TOO_LARGE', { detail: 'there is too much behind its end' })
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }

  async #fill(): Promise<void> {
    const next = await this.#source.next()
    if (next.done) throw new VesselError('ARCHIVE_CORRUPT', { detail: 'it ends too early' })
    this.#rest = next.value
  }
}
