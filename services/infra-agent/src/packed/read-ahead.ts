import { PieceFiles } from './piece-files.ts'
import type { Piece } from './pieces.ts'
import { READ_BYTES } from './read-pieces.ts'

interface Window {
  readonly memory: Buffer
  start: number
  bytes: number
}

const NOTHING = Buffer.alloc(0)
const createWindow = (): Window => ({
  memory: Buffer.allocUnsafeSlow(READ_BYTES),
  start: 0,
  bytes: 0,
})

/**
 * Reads a row of pieces mostly from its beginning to its end: while one window is worked on, the
 * next is read, and there are never more than two. MUST be closed.
 */
export class AheadReader {
  readonly #files: PieceFiles
  #front = createWindow()
  #back = createWindow()
  /** The filling of the back. */
  #filling: Promise<void> = Promise.resolve()

  constructor(folder: string, pieces: readonly Piece[]) {
    this.#files = new PieceFiles(folder, pieces)
  }

  /** What is in memory of these bytes, from the first on. It holds until the next `load`. */
  held(offset: number, bytes: number): Buffer {
    const { memory, start, bytes: filled } = this.#front
    const at = offset - start
    return at < 0 || at >= filled ? NOTHING : memory.subarray(at, Math.min(filled, at + bytes))
  }

  /** Something from there on is held afterwards. Throws where the row or a file is shorter. */
  async load(offset: number): Promise<void> {
    await this.#filling
    const { start, bytes } = this.#back
    if (offset < start || offset >= start + bytes) await this.#fill(this.#back, offset)
    if (this.#back.bytes === 0) throw new Error('there is less of the archive than there should be')
    ;[this.#front, this.#back] = [this.#back, this.#front]
    this.#filling = this.#fill(this.#back, this.#front.start + this.#front.bytes)
    // Its failure is thrown when it is waited for; until then it must not count as unhandled.
    this.#filling.catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#filling.catch(() => undefined)
    await this.#files.close()
  }

  async #fill(window: Window, offset: number): Promise<void> {
    window.start = offset
    window.bytes = 0
    window.bytes = await this.#files.fill(window.memory, offset)
  }
}
