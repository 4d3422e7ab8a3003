import { copyPart, literalHead, type Span } from '@vessel/proto/guest/archive-delta'
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
  #parts: Uint8Array[] = []
  #partsBytes = 0
  #bytes = 0

  constructor(sink: ByteSink, isDelta = false) {
    this.#sink = sink
    this.#isDelta = isDelta
  }

  /** Position of the next byte in the archive. */
  get bytes(): number {
    return this.#bytes
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length
    if (this.#isDelta) this.#push(literalHead(chunk.length))
    this.#push(chunk)
    if (this.#partsBytes >= JOIN_BYTES) await this.flush()
  }

  /** MUST only be called for a delta. */
  async copy(span: Span): Promise<void> {
    this.#bytes += span.bytes
    this.#push(copyPart(span))
    if (this.#partsBytes >= JOIN_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const parts = this.#parts
    this.#parts = []
    this.#partsBytes = 0
    const [only] = parts
    if (!only) return
    await this.#sink(parts.length === 1 ? only : Buffer.concat(parts))
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part)
    this.#partsBytes += part.length
  }
}
