import type { CountedFrame } from './frames.ts'
import type { Wire } from './wire.ts'

export type SendResult = 'sent' | 'behind' | 'slow'

export interface OutboxLimits {
  readonly outboxBytesSoft: number
  readonly outboxBytesMax: number
}

/** What is used of the TCP socket under a connection. */
export interface OutboxSocket {
  readonly writableLength: number
  write(wire: Wire): unknown
  once(event: 'drain', run: () => void): unknown
  off(event: 'drain', run: () => void): unknown
}

/**
 * The only way to write to a browser.
 *
 * A socket never says stop: it buffers without bound for a client that has stopped reading. So logs
 * are held back above the soft limit, and the connection is given up above the hard one.
 */
export class Outbox {
  readonly #socket: OutboxSocket
  readonly #limits: OutboxLimits
  bytesSent = 0
  framesSent = 0
  itemsSent = 0

  constructor(socket: OutboxSocket, limits: OutboxLimits) {
    this.#socket = socket
    this.#limits = limits
  }

  get bytesWaiting(): number {
    return this.#socket.writableLength
  }

  /** Control frames are small and must arrive; they pass until the hard limit. */
  sendControl(frame: CountedFrame): SendResult {
    if (this.#socket.writableLength > this.#limits.outboxBytesMax) return 'slow'
    this.#write(frame)
    return 'sent'
  }

  /** All the frames or none. On 'behind' the caller resyncs once the client has drained. */
  sendLog(frames: readonly CountedFrame[]): SendResult {
    const waiting = this.#socket.writableLength
    if (waiting > this.#limits.outboxBytesSoft) {
      return waiting > this.#limits.outboxBytesMax ? 'slow' : 'behind'
    }
    for (const frame of frames) this.#write(frame)
    return 'sent'
  }

  /** Runs once when the client has read what waits; only after 'behind'. Returns how to forget. */
  whenDrained(run: () => void): () => void {
    const socket = this.#socket
    socket.once('drain', run)
    return () => socket.off('drain', run)
  }

  /**
   * Under the library, which goes on doing the rest of the protocol: without compression it too
   * writes each frame whole and at once, so the two never mix within a frame.
   */
  #write({ wire, items, frames }: CountedFrame): void {
    this.bytesSent += wire.length
    this.framesSent += frames
    this.itemsSent += items
    this.#socket.write(wire)
  }
}
