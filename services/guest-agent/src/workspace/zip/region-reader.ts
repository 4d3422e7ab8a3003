import { release } from '../release.ts'

/** Twenty small files lie in so much of an archive. */
const READ_BYTES = 256 * 1024

/** Where an entry lies in an archive, with whatever its local header may hold. */
export interface Region {
  readonly offset: number
  readonly bytes: number
}

/** Reads many small regions of a file by few large reads, when asked for them in their order. */
export class RegionReader {
  readonly #readAt: (start: number, bytes: number) => Buffer
  readonly #end: number
  #read: Buffer = Buffer.alloc(0)
  #start = 0

  /** What `readAt` answers is ours; nothing from `end` on is asked for. */
  constructor(readAt: (start: number, bytes: number) => Buffer, end: number) {
    this.#readAt = readAt
    this.#end = end
  }

  /** Good until the next is asked for. Shorter than asked for only where the file ends. */
  at({ offset, bytes }: Region): Buffer {
    const from = offset - this.#start
    if (from >= 0 && from + bytes <= this.#read.length) {
      return this.#read.subarray(from, from + bytes)
    }
    this.close()
    const ahead = Math.min(READ_BYTES, this.#end - offset)
    this.#read = this.#readAt(offset, Math.max(bytes, ahead))
    this.#start = offset
    return this.#read.subarray(0, bytes)
  }

  close(): void {
    release(this.#read)
    this.#read = Buffer.alloc(0)
  }
}
