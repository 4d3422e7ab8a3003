import { type FeedItem, feedItem } from '@vessel/proto/events/feed'
import { parseJson } from '@vessel/proto/parse'
import { subjects } from '@vessel/proto/subjects'
import type { Clock, Log } from '../vm/ports.ts'
import { toStampedEvent } from './session-feed.ts'
import type { Spool } from './spool.ts'

/** The bus as the publisher needs it. */
export interface StreamBus {
  isConnected(): boolean
  /** Resolves when the stream has it. The same `messageId` twice is stored once. */
  publish(message: { subject: string; messageId: string; data: string }): Promise<void>
}

/** In flight at once per session: enough to hide the round trip, little to send again. */
const WINDOW = 64
const RETRY_MS_FIRST = 200
const RETRY_MS_MAX = 5_000
/** The mark of what was acknowledged is written after this many items. */
const ACKS_PER_MARK = 256

export interface PublisherDeps {
  readonly spool: Spool
  readonly bus: StreamBus
  readonly clock: Clock
  readonly log: Log
}

/**
 * Moves a spool to the bus, in order. After any failure it waits until nothing is in flight and
 * goes back to the first item that was not acknowledged; message ids make the repeats harmless.
 */
export class Publisher {
  readonly #deps: PublisherDeps
  readonly #ended = new AbortController()
  #wake = Promise.withResolvers<void>()
  readonly #done: Promise<void>
  #unmarked = 0

  constructor(deps: PublisherDeps) {
    this.#deps = deps
    this.#done = this.#run()
  }

  /** Something was appended, or the bus is back. */
  poke(): void {
    this.#wake.resolve()
  }

  get isDrained(): boolean {
    return this.#deps.spool.ackedSeq >= this.#deps.spool.lastSeq
  }

  /** Stops after what is in flight. What is not acknowledged stays in the spool. */
  async close(): Promise<void> {
    this.#ended.abort()
    this.poke()
    await this.#done
  }

  async #run(): Promise<void> {
    const { bus, clock, log } = this.#deps
    let retryMs = RETRY_MS_FIRST
    while (!this.#ended.signal.aborted) {
      if (this.isDrained) {
        await this.#wake.promise
        this.#wake = Promise.withResolvers()
        continue
      }
      try {
        if (!bus.isConnected()) throw new Error('not connected')
        await this.#sendWindow()
        retryMs = RETRY_MS_FIRST
      } catch (thrown) {
        if (bus.isConnected()) log.warn({ err: thrown }, 'feed not acknowledged')
        await clock.sleep(retryMs, this.#ended.signal).catch(() => undefined)
        retryMs = Math.min(RETRY_MS_MAX, retryMs * 2)
      }
    }
  }

  /** Sends as much as is there, never more than the window ahead of the acknowledgements. */
  async #sendWindow(): Promise<void> {
    const { spool } = this.#deps
    const inFlight: { seq: number; acked: Promise<void> }[] = []
    let next = spool.ackedSeq + 1
    try {
      while (next <= spool.lastSeq && !this.#ended.signal.aborted) {
        inFlight.push({ seq: next, acked: this.#send(next) })
        next += 1
        if (inFlight.length >= WINDOW) await this.#settleFirst(inFlight)
      }
      while (inFlight.length > 0) await this.#settleFirst(inFlight)
    } catch (thrown) {
      await Promise.allSettled(inFlight.map((sent) => sent.acked))
      throw thrown
    }
  }

  async #settleFirst(inFlight: { seq: number; acked: Promise<void> }[]): Promise<void> {
    const [first] = inFlight
    if (!first) return
    await first.acked
    inFlight.shift()
    this.#deps.spool.ack(first.seq)
    this.#unmarked += 1
    if (this.#unmarked < ACKS_PER_MARK && !this.isDrained) return
    this.#deps.spool.saveAcked()
    this.#unmarked = 0
  }

  #send(seq: number): Promise<void> {
    const data = this.#deps.spool.read(seq)
    const sent = this.#sendItem(parseJson(feedItem, data), data)
    // It is awaited in order, which may be after it has failed.
    sent.catch(() => undefined)
    return sent
  }

  async #sendItem(item: FeedItem, data: string): Promise<void> {
    const { bus } = this.#deps
    const { host, session, bootId, seq } = item
    const messageId = `${bootId}:${seq}`
    const logged = bus.publish({ subject: subjects.log(host, session), messageId, data })
    const event = toStampedEvent(item)
    if (event === null) return logged
    const noted = bus.publish({
      subject: subjects.event(host, session, event.event.type),
      messageId: `${messageId}:event`,
      data: JSON.stringify(event),
    })
    await Promise.all([logged, noted])
  }
}
