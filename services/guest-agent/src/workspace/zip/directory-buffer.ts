/** Pieces are copied together at this size. */
const BLOCK_BYTES = 64 * 1024

/**
 * Keeps the records of the central directory until the end.
 *
 * They are copied into blocks of their own: a small Buffer is a slice of a shared 8 KiB slab, and
 * holding one per file would keep every slab of the whole pack in memory.
 */
export class DirectoryBuffer {
  readonly blocks: Buffer[] = []
  #entries = 0
  #parts: Buffer[] = []
  #partsBytes = 0

  get entries(): number {
    return this.#entries
  }

  add(header: Buffer): void {
    this.#entries += 1
    this.#parts.push(header)
    this.#partsBytes += header.length
    if (this.#partsBytes >= BLOCK_BYTES) this.finish()
  }

  /** MUST be called before `blocks` is read. */
  finish(): void {
    const block = Buffer.allocUnsafeSlow(this.#partsBytes)
    let at = 0
    for (const part of this.#parts) at += part.copy(block, at)
    this.blocks.push(block)
    this.#parts = []
    this.#partsBytes = 0
  }
}
