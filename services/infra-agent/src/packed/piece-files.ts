import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Finder, type Piece } from './pieces.ts'

/** The files a row of pieces lies in, opened as they are needed. MUST be closed. */
export class PieceFiles {
  readonly #folder: string
  readonly #finder: Finder
  readonly #handles = new Map<string, Promise<FileHandle>>()

  constructor(folder: string, pieces: readonly Piece[]) {
    this.#folder = folder
    this.#finder = new Finder(pieces)
  }

  /**
   * Fills the memory with what lies from there on, and says how much that was: less only where
   * the row ends. Small pieces are read together: a row of thousands is not thousands of waits.
   */
  async fill(memory: Buffer, offset: number): Promise<number> {
    let filled = 0
    for (const { file, from, bytes } of this.#finder.find(offset, memory.length)) {
      await this.#read(memory.subarray(filled, filled + bytes), file, from)
      filled += bytes
    }
    return filled
  }

  async close(): Promise<void> {
    const handles = await Promise.allSettled(this.#handles.values())
    this.#handles.clear()
    for (const handle of handles) if (handle.status === 'fulfilled') await handle.value.close()
  }

  async #read(target: Buffer, file: string, from: number): Promise<void> {
    const opened = this.#handles.get(file) ?? open(join(this.#folder, file), 'r')
    this.#handles.set(file, opened)
    const handle = await opened
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await handle.read(target, done, target.length - done, from + done)
      if (bytesRead === 0) throw new Error(`${file} is shorter than it was`)
      done += bytesRead
    }
  }
}
