import type { Connection } from './connection.ts'
import type { Ends } from './ending.ts'
import { type Entry, type Place, placeOf } from './entry.ts'
import { History } from './history.ts'
import type { Chunk, LiveReader, SessionLog } from './session-log.ts'
import { failTopic, type Subscribing } from './subscribing.ts'

/**
 * One browser's way through a session's log: old history from JetStream, then the ring, then live.
 *
 * It owns one number, the place up to which everything was sent. Whatever stops it (a slow client,
 * an outage), it goes on from that place, so nothing is lost, doubled or out of order.
 */
export class LogReader implements LiveReader, Ends {
  readonly #request: Subscribing
  readonly #log: SessionLog
  /** Of the request; a field because every delivery passes here. */
  readonly #connection: Connection
  #place: Place
  #isReadingHistory = false
  #forgetDrain: (() => void) | null = null

  constructor(request: Subscribing, log: SessionLog, place: Place) {
    this.#request = request
    this.#log = log
    this.#connection = request.connection
    this.#place = place
  }

  /** Sends what is there and joins the live readers, or goes on when it can. */
  pump(): void {
    const log = this.#log
    const { ended } = this.#request.watched
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

  /** What was read of the bus and not sent, as far as memory goes. */
  get itemsBehind(): number {
    return this.#log.ring.countAfter(this.#place.streamSeq)
  }

  deliver(chunk: Chunk): boolean {
    return this.#give(chunk, 'live')
  }

  end(): void {
    this.#forgetDrain?.()
    this.#log.leave(this)
  }

  #give({ frames, end }: Pick<Chunk, 'frames' | 'end'>, how: 'live' | 'replay'): boolean {
    const result = this.#connection.sendLog(frames, how)
    if (result === 'sent') {
      this.#place = end
      return true
    }
    if (result === 'behind') this.#pumpWhenDrained()
    return false
  }

  #pumpWhenDrained(): void {
    this.#forgetDrain?.()
    this.#forgetDrain = this.#connection.whenDrained(() => {
      this.#forgetDrain = null
      this.pump()
    })
  }

  #startHistory(): void {
    this.#isReadingHistory = true
    const { ended } = this.#request.watched
    ended
      .during((signal) => this.#readHistory(signal))
      .then(() => {
        this.#isReadingHistory = false
        this.pump()
      })
      .catch((cause) => {
        // The browser is told, and resumes where it is.
        failTopic(this.#request, cause)
      })
  }

  async #readHistory(signal: AbortSignal): Promise<void> {
    const history = new History(this.#log.historyDeps, this.#place)
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
    const log = this.#log
    const { limits } = this.#request.ctx
    if (!log.ring.covers(this.#place.streamSeq)) return
    const entries = log.ring
      .after(this.#place.streamSeq, limits.replayItemsMax)
      .filter((entry) => entry.streamSeq <= log.flushedTo)
    await this.#sendEntries(history.join(entries), signal)
  }

  async #sendEntries(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    const last = entries.at(-1)
    if (!last) return
    const frames = this.#log.encode(entries)
    const end = placeOf(last)
    while (!this.#give({ frames, end }, 'replay')) await this.#drained(signal)
  }

  #drained(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#forgetDrain?.()
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason)
      this.#forgetDrain = this.#connection.whenDrained(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      })
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}
