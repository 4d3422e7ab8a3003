import type { FileHandle } from 'node:fs/promises'
import { release } from './release.ts'

/** Pieces of the network are joined up to this: a write for each would cost more than the bytes. */
const WRITE_BYTES = 1024 * 1024

/**
 * Writes what it is given while the next comes, at most two writes' worth of it in memory. A
 * failure is thrown by the next call. Either `finish` or `abandon` MUST be called before the file
 * is closed.
 */
export class BesideWriter {
  readonly #file: FileHandle
  #parts: Uint8Array[] = []
  #partsBytes = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** The memory of the chunk MUST NOT change afterwards. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#parts.push(chunk)
    this.#partsBytes += chunk.length
    if (this.#partsBytes >= WRITE_BYTES) await this.#begin()
  }

  async finish(): Promise<void> {
    await this.#begin()
    await this.#writing
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined)
  }

  async #begin(): Promise<void> {
    await this.#writing
    const joined = Buffer.concat(this.#parts)
    this.#parts = []
    this.#partsBytes = 0
    this.#writing = this.#file.writeFile(joined).finally(() => release(joined))
    // Thrown when it is waited for; until then it must not count as unheard.
    this.#writing.catch(() => undefined)
  }
}
