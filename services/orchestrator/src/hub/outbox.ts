import type { WebSocket } from 'ws'
import type { Wire } from './frames.ts'

export type SendResult = 'sent' | 'behind' | 'slow'

export interface OutboxLimits {
  readonly outboxBytesSoft: number
  readonly outboxBytesMax: number
}

export type OutboxSocket = Pick<WebSocket, 'send' | 'bufferedAmount'>

/**
 * The only way to write to a browser.
 *
 * `ws` never says stop: it buffers without bound for a client that has stopped reading. So logs are
 * held back above the soft limit, and the connection is given up above the hard one.
 */
export class Outbox {
  readonly #socket: OutboxSocket
  readonly #limits: OutboxLimits
  readonly #waiting = new Set<() => void>()
  #bytesSent = 0

  constructor(socket: OutboxSocket, limits: OutboxLimits) {
    this.#socket = socket
    this.#limits = limits
  }

  get bytesSent(): number {
    return this.#bytesSent
  }

  get bytesWaiting(): number {
    return this.#socket.bufferedAmount
  }

  /** Control frames are small and must arrive; they pass until the hard limit. */
  sendControl(frame: Wire): SendResult {
    if (this.#socket.bufferedAmount > this.#limits.outboxBytesMax) return 'slow'
    this.#write(frame)
    return 'sent'
  }

  /** All the frames or none. On 'behind' the caller resyncs once the client has drained. */
  sendLog(frames: readonly Wire[]): SendResult {
    const buffered = this.#socket.bufferedAmount
    if (buffered > this.#limits.outboxBytesMax) return 'slow'
    if (buffered > this.#limits.outboxBytesSoft) return 'behind'
    for (const frame of frames) this.#write(frame)
    return 'sent'
  }

  /**
   * Runs once when the client has read most of what waits. Only after 'behind', when there are
   * writes under way whose end will be told. Returns how to forget it.
   */
  whenDrained(run: () => void): () => void {
    this.#waiting.add(run)
    return () => this.#waiting.delete(run)
  }

  #write(frame: Wire): void {
    this.#bytesSent += frame.length
    this.#socket.send(frame, { binary: false }, this.#onWritten)
  }

  readonly #onWritten = (): void => {
    if (this.#waiting.size === 0) return
    // Half of the limit: otherwise it would stop and go with every single frame.
    if (this.#socket.bufferedAmount > this.#limits.outboxBytesSoft / 2) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const run of waiting) run()
  }
}
