import type { WebSocket } from 'ws'
import type { Dialect, Greeting } from './dialects.ts'
import type { FrameReader, Received } from './frame-reader.ts'

export interface LeanClientDeps extends Greeting {
  readonly url: string
  readonly dialect: Dialect
  readonly reader: FrameReader
  readonly onItems: (client: LeanClient, items: readonly Received[]) => void
}

const OPEN_WITHIN_MS = 30_000

/** One reader that does nothing but look at the numbers. */
export class LeanClient {
  readonly #deps: LeanClientDeps
  readonly #socket: WebSocket
  #head = 0
  missing = 0
  doubled = 0
  /** Left out of the times: it does not read when it could. */
  isSlow = false
  closeCode: number | null = null
  endedAtUs: number | null = null

  constructor(deps: LeanClientDeps) {
    this.#deps = deps
    this.#socket = deps.dialect.open(deps.url)
  }

  get head(): number {
    return this.#head
  }

  /** Resolves when the subscription stands. */
  subscribed(onEnded: (client: LeanClient) => void): Promise<void> {
    const { dialect } = this.#deps
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('not subscribed')), OPEN_WITHIN_MS)
      socket.on('open', () => dialect.onOpen(socket, this.#deps))
      socket.on('message', (data: Buffer) => {
        if (dialect.isEvents(data)) return this.#onEvents(data)
        const text = data.toString()
        if (text.startsWith('{"type":"error"')) onEnded(this)
        if (!dialect.onControl(socket, text, this.#deps)) return
        clearTimeout(timer)
        resolve()
      })
      socket.on('error', reject)
      socket.on('close', (code) => {
        this.closeCode = code
        reject(new Error(`closed with ${code}`))
      })
    })
  }

  pause(): void {
    this.isSlow = true
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #onEvents(data: Buffer): void {
    const items = this.#deps.reader.read(data)
    for (const { seq } of items) {
      if (seq <= this.#head) this.doubled += 1
      else this.missing += seq - this.#head - 1
      this.#head = Math.max(this.#head, seq)
    }
    if (items.length > 0) this.#deps.onItems(this, items)
  }
}
