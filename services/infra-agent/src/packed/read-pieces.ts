import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Finder, type Piece } from './pieces.ts'

/** Read at a time: less costs more calls than it saves memory. */
const READ_BYTES = 1024 * 1024

/**
 * Reads a row of pieces as the one file it stands for. MUST be closed. A reading that was broken
 * off may still be on its way while the next one begins.
 */
export class PieceReader {
  readonly #folder: string
  readonly #finder: Finder
  readonly #handles = new Map<string, FileHandle>()
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0

  constructor(folder: string, pieces: readonly Piece[]) {
    this.#folder = folder
    this.#finder = new Finder(pieces)
  }

  /** In pieces that hold until the next is asked for. Throws where the row or a file is shorter. */
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

  async close(): Promise<void> {
    await Promise.all([...this.#handles.values()].map((handle) => handle.close()))
    this.#handles.clear()
  }

  /** Small pieces are read together, so that a row of thousands is no row of thousands of calls. */
  async #move(offset: number): Promise<void> {
    const window = Buffer.allocUnsafe(READ_BYTES)
    let filled = 0
    for (const { file, from, bytes } of this.#finder.find(offset, READ_BYTES)) {
      await this.#fill(window.subarray(filled, filled + bytes), file, from)
      filled += bytes
    }
    if (filled === 0) throw new Error('there is less of the archive than there should be')
    this.#window = window.subarray(0, filled)
    this.#windowStart = offset
  }

  async #fill(target: Buffer, file: string, from: number): Promise<void> {
    const handle = this.#handles.get(file) ?? (await open(join(this.#folder, file), 'r'))
    this.#handles.set(file, handle)
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await handle.read(target, done, target.length - done, from + done)
      if (bytesRead === 0) throw new Error(`${file} is shorter than it was`)
      done += bytesRead
    }
  }
}
