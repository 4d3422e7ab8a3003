import type { Ending } from './ending.ts'
import { type Entry, type Place, placeOf } from './entry.ts'
import type { CountedFrame } from './frames.ts'
import { History, type HistoryDeps } from './history.ts'
import type { SendResult } from './outbox.ts'
import type { Chunk, LiveReader } from './session-log.ts'

/** What a reader may do with its browser. */
export interface LogOutlet {
  /** All the frames or none; 'slow' also ends the connection. */
  sendLog(frames: readonly CountedFrame[], how: 'live' | 'replay'): SendResult
  whenDrained(run: () => void): () => void
}

export interface LogReaderDeps {
  readonly history: HistoryDeps
  readonly outlet: LogOutlet
  /** Its browser no longer watches. */
  readonly ended: Ending
  /** The history cannot be read now: the browser is told, and resumes where it is. */
  readonly onFailed: (cause: unknown) => void
}

/**
 * One browser's way through a session's log: old history from JetStream, then the ring, then live.
 *
 * It owns one number, the place up to which everything was sent. Whatever stops it (a slow client,
 * an outage), it goes on from that place, so nothing is lost, doubled or out of order.
 */
export class LogReader implements LiveReader {
  readonly #deps: LogReaderDeps
  /** Of the deps; a field because every delivery passes here. */
  readonly #outlet: LogOutlet
  #place: Place
  #isReadingHistory = false
  #forgetDrain: (() => void) | null = null

  constructor(deps: LogReaderDeps, place: Place) {
    this.#deps = deps
    this.#outlet = deps.outlet
    this.#place = place
  }

  /** Sends what is there and joins the live readers, or goes on when it can. */
  pump(): void {
    const { history, ended } = this.#deps
    const { log } = history
    while (!ended.isEnded && !this.#isReadingHistory) {
      if (this.#place.streamSeq >= log.flushedTo) {
        log.goLive(this)
        return
      }
      if (!log.ring.covers(this.#place.streamSeq)) {
        this.#startHistory()
        return
      }

      const chunk = log.chunkAfter(this.#place.streamSeq)
      if (!chunk) {
        log.goLive(this)
        return
      }
      if (!this.#give(chunk, 'replay')) return
    }
  }

  deliver(chunk: Chunk): boolean {
    return this.#give(chunk, 'live')
  }

  stop(): void {
    this.#forgetDrain?.()
    this.#deps.history.log.leave(this)
  }

  #give({ frames, end }: Pick<Chunk, 'frames' | 'end'>, how: 'live' | 'replay'): boolean {
    const result = this.#outlet.sendLog(frames, how)
    if (result === 'sent') {
      this.#place = end
      return true
    }
    if (result === 'behind') this.#pumpWhenDrained()
    return false
  }

  #pumpWhenDrained(): void {
    this.#forgetDrain?.()
    this.#forgetDrain = this.#outlet.whenDrained(() => {
      this.#forgetDrain = null
      this.pump()
    })
  }

  #startHistory(): void {
    this.#isReadingHistory = true
    const { ended } = this.#deps
    ended
      .during((signal) => this.#readHistory(signal))
      .then(() => {
        this.#isReadingHistory = false
        this.pump()
      })
      .catch((cause) => {
        if (!ended.isEnded) this.#deps.onFailed(cause)
      })
  }

  async #readHistory(signal: AbortSignal): Promise<void> {
    const history = new History(this.#deps.history, this.#place)
    for (;;) {
      const entries = await history.next(signal)
      if (entries === null) break
      await this.#sendEntries(entries, signal)
      signal.throwIfAborted()
    }
    this.#place = { ...this.#place, streamSeq: Math.max(history.readTo, this.#place.streamSeq) }
    await this.#joinRing(history, signal)
  }

  /** The first piece of the ring is checked against what this reader was given before it. */
  async #joinRing(history: History, signal: AbortSignal): Promise<void> {
    const { log, limits } = this.#deps.history
    if (!log.ring.covers(this.#place.streamSeq)) return
    const entries = log.ring
      .after(this.#place.streamSeq, limits.replayItemsMax)
      .filter((entry) => entry.streamSeq <= log.flushedTo)
    await this.#sendEntries(history.join(entries), signal)
  }

  async #sendEntries(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    const last = entries.at(-1)
    if (!last) return
    const frames = this.#deps.history.log.encode(entries)
    const end = placeOf(last)
    while (!this.#give({ frames, end }, 'replay')) await this.#drained(signal)
  }

  #drained(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#forgetDrain?.()
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason)
      this.#forgetDrain = this.#outlet.whenDrained(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      })
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}
