import { PieceFiles } from './piece-files.ts'
import type { Piece } from './pieces.ts'

/** Read at a time: less costs more calls than it saves memory. */
export const READ_BYTES = 1024 * 1024

/**
 * Reads a row of pieces as the one file it stands for. MUST be closed. A reading that was broken
 * off may still be on its way while the next one begins, and what was given out is never written
 * to again: a connection may hold on to it.
 */
export class PieceReader {
  readonly #files: PieceFiles
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0

  constructor(folder: string, pieces: readonly Piece[]) {
    this.#files = new PieceFiles(folder, pieces)
  }

  /** Throws where the row or a file is shorter. */
  async *read(offset: number, bytes: number): AsyncGenerator<Buffer> {
    for (let done = 0; done < bytes; ) {
      const at = offset + done - this.#windowStart
      const found = at < 0 ? Buffer.alloc(0) : this.#window.subarray(at, at + bytes - done)
      if (found.length > 0) {
        done += found.length
        yield found
      } else await this.#move(offset + done)
    }
  }

  close(): Promise<void> {
    return this.#files.close()
  }

  async #move(offset: number): Promise<void> {
    const window = Buffer.allocUnsafe(READ_BYTES)
    const filled = await this.#files.fill(window, offset)
    if (filled === 0) throw new Error('there is less of the archive than there should be')
    this.#window = window.subarray(0, filled)
    this.#windowStart = offset
  }
}
