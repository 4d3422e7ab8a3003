import { flushTree } from './flush-tree.ts'

/** So much more was written: worth a flush beside what goes on. */
const STEP_BYTES = 64 * 1024 * 1024

/**
 * Puts a tree on disk while it is written, so that little is left to wait for in the end. MUST be
 * settled.
 */
export class Flusher {
  readonly #dir: string
  readonly #signal: AbortSignal
  #running: Promise<void> | null = null
  #begunAtBytes = 0

  constructor(dir: string, signal: AbortSignal) {
    this.#dir = dir
    this.#signal = signal
  }

  /** Of a flush on the way nothing is told: the last one finds what is wrong with the disk. */
  onWritten(bytes: number): void {
    if (this.#running || bytes - this.#begunAtBytes < STEP_BYTES) return
    this.#begunAtBytes = bytes
    this.#running = flushTree(this.#dir, this.#signal)
      .catch(() => undefined)
      .finally(() => {
        this.#running = null
      })
  }

  /** All of it is on the disk when this resolves. */
  async finish(): Promise<void> {
    await this.settle()
    await flushTree(this.#dir, this.#signal)
  }

  /** Nothing of it runs any more. */
  async settle(): Promise<void> {
    await this.#running
  }
}
