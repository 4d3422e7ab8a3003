import type { ByteSink } from './codec.ts'

/** Small pieces are joined up to this, so that a header does not cost a write of its own. */
const JOIN_BYTES = 128 * 1024

/** Counts what was written, which a zip needs to know, and joins small pieces. */
export class Output {
  readonly #sink: ByteSink
  #parts: Uint8Array[] = []
  #partsBytes = 0
  #bytes = 0

  constructor(sink: ByteSink) {
    this.#sink = sink
  }

  /** Position of the next byte. */
  get bytes(): number {
    return this.#bytes
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length
    this.#parts.push(chunk)
    this.#partsBytes += chunk.length
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
}
