import { VesselError } from '@vessel/proto/errors'

/**
 * Hands out a stream of chunks in pieces of the size one asks for. A piece is there until the next
 * call: a chunk of the stream may be given back when the next is asked for.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Exactly this many bytes, which MUST be few: they are joined in memory. */
  async exactly(bytes: number): Promise<Buffer> {
    if (this.#rest.length >= bytes) return this.#take(bytes)
    const joined = Buffer.allocUnsafe(bytes)
    await this.copyTo(joined)
    return joined
  }

  /** The next bytes piece by piece, without copying. */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill()
      const piece = this.#take(left)
      left -= piece.length
      yield piece
    }
  }

  async copyTo(target: Buffer): Promise<void> {
    for (let done = 0; done < target.length; ) {
      if (this.#rest.length === 0) await this.#fill()
      done += this.#take(target.length - done).copy(target, done)
    }
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill()
      left -= this.#take(left).length
    }
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

  #take(bytesMax: number): Buffer {
    const piece = this.#rest.subarray(0, bytesMax)
    this.#rest = this.#rest.subarray(piece.length)
    return piece
  }

  async #fill(): Promise<void> {
    const next = await this.#source.next()
    if (next.done) throw new VesselError('ARCHIVE_CORRUPT', { detail: 'it ends too early' })
    this.#rest = next.value
  }
}
