import { COPY_BYTES, literalHead, type Span, writeCopy } from '@vessel/proto/guest/archive-delta'
import type { ByteSink } from './codec.ts'

/** Small pieces are joined up to this, so that a header does not cost a write of its own. */
const JOIN_BYTES = 128 * 1024

/**
 * Counts what the archive holds, which a zip needs to know, and joins small pieces. As a delta it
 * sends what the reader of the archive has already as where it lies (see `archive-delta.ts`).
 */
export class Output {
  readonly #sink: ByteSink
  readonly #isDelta: boolean
  readonly #joined = Buffer.allocUnsafeSlow(JOIN_BYTES)
  #joinedBytes = 0
  #bytes = 0

  constructor(sink: ByteSink, isDelta = false) {
    this.#sink = sink
    this.#isDelta = isDelta
  }

  /** Position of the next byte in the archive. */
  get bytes(): number {
    return this.#bytes
  }

  /** The memory of the chunk is the caller's again when this resolves: small ones are copied. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length
    if (this.#isDelta) await this.#push(literalHead(chunk.length))
    await this.#push(chunk)
  }

  /**
   * MUST only be called for a delta. Resolves at once, without a promise, where there is room: a
   * save of twenty thousand files that changed in five is hardly anything else.
   */
  copy(span: Span): Promise<void> | undefined {
    if (this.#joinedBytes + COPY_BYTES > JOIN_BYTES) return this.flush().then(() => this.copy(span))
    this.#bytes += span.bytes
    writeCopy(this.#joined, this.#joinedBytes, span)
    this.#joinedBytes += COPY_BYTES
    return undefined
  }

  async flush(): Promise<void> {
    if (this.#joinedBytes === 0) return
    const piece = this.#joined.subarray(0, this.#joinedBytes)
    this.#joinedBytes = 0
    await this.#sink(piece)
  }

  async #push(part: Uint8Array): Promise<void> {
    if (this.#joinedBytes + part.length > JOIN_BYTES) await this.flush()
    if (part.length > JOIN_BYTES) return this.#sink(part)
    this.#joined.set(part, this.#joinedBytes)
    this.#joinedBytes += part.length
  }
}
