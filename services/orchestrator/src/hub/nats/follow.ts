import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream'
import type { SessionId } from '@vessel/proto/ids'
import { STREAMS } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'
import type { Slots } from '../../slots.ts'
import type { Clock, FollowListener, HubLogger } from '../ports.ts'
import { parseFeedMessage } from './parse-feed-message.ts'
import type { Reconnects } from './reconnects.ts'

export interface FollowDeps {
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  readonly reconnects: Reconnects
  readonly clock: Clock
  readonly random: () => number
  readonly log: HubLogger
  readonly slots: Slots
  readonly session: SessionId
  readonly listener: FollowListener
}

/** Back-off between attempts to open the reader: the bus is down, or the stream not made yet. */
const RETRY_BASE_MS = 250
const RETRY_CAP_MS = 5_000

interface OpenReader {
  close(): void
}

/**
 * Follows one session's log with one ordered consumer, for ever.
 *
 * An ordered consumer notices a lost delivery by its own numbering and reads again from there. It
 * notices a restarted server only after a minute, so after a reconnect it is opened anew here.
 */
export class Follow {
  readonly #deps: FollowDeps
  readonly #ended = new AbortController()
  readonly #forgetReconnects: () => void
  #after: number
  #streamCreated: string | null = null
  #reader: OpenReader | null = null
  /** Rises with every opening, so that an older one that ends late changes nothing. */
  #generation = 0
  #failures = 0
  #retry: unknown = null
  #isCaughtUp = false

  constructor(deps: FollowDeps, afterSeq: number) {
    this.#deps = deps
    this.#after = afterSeq
    this.#forgetReconnects = deps.reconnects.on(() => this.#reopen())
    this.#reopen()
  }

  stop(): void {
    this.#ended.abort(new Error('follow stopped'))
    this.#forgetReconnects()
    this.#close()
  }

  #close(): void {
    this.#generation += 1
    if (this.#retry !== null) this.#deps.clock.clearTimer(this.#retry)
    this.#retry = null
    this.#reader?.close()
    this.#reader = null
  }

  #reopen(): void {
    if (this.#ended.signal.aborted) return
    this.#close()
    const generation = this.#generation
    this.#deps.slots
      .run(() => this.#open(generation), this.#ended.signal)
      .then(() => {
        this.#failures = 0
      })
      .catch((cause) => this.#onFailed(generation, cause))
  }

  #onFailed(generation: number, cause: unknown): void {
    if (this.#ended.signal.aborted || generation !== this.#generation) return
    const { clock, random, log, session } = this.#deps
    const ms = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** this.#failures) * (0.5 + random() / 2)
    this.#failures = Math.min(this.#failures + 1, 10)
    log.warn({ session, err: String(cause), retryInMs: Math.round(ms) }, 'log reader not open')
    this.#retry = clock.setTimer(() => this.#reopen(), ms)
  }

  async #open(generation: number): Promise<void> {
    const { js, jsm, session } = this.#deps
    if (generation !== this.#generation) return
    const stream = await jsm.streams.info(STREAMS.log.name)
    if (generation !== this.#generation) return
    if (this.#isAnotherStream(stream.created, stream.state.last_seq)) {
      this.#deps.listener.onReset()
      return
    }

    const consumer = await js.consumers.getPushConsumer(STREAMS.log.name, {
      filter_subjects: subjects.logOf(session),
      opt_start_seq: this.#after + 1,
    })
    const info = await consumer.info(true)
    const messages = await consumer.consume({
      callback: (message) => {
        if (generation === this.#generation) this.#onMessage(message)
      },
    })
    const reader = {
      close: () => {
        void messages.close()
        // Best effort: the server forgets a reader without interest by itself.
        consumer.delete().catch(() => undefined)
      },
    }
    if (generation !== this.#generation) return reader.close()

    this.#reader = reader
    if (info.num_pending === 0 && info.delivered.consumer_seq === 0) this.#caughtUp()
    void messages.closed().then(() => {
      this.#onFailed(generation, 'the reader was ended')
    })
  }

  #isAnotherStream(created: string, lastSeq: number): boolean {
    const isOther = this.#streamCreated !== null && this.#streamCreated !== created
    this.#streamCreated = created
    return isOther || lastSeq < this.#after
  }

  #onMessage(message: JsMsg): void {
    const { listener, session, log } = this.#deps
    if (message.seq <= this.#after) return
    this.#after = message.seq
    const item = parseFeedMessage(session, message)
    if (item) listener.onItem({ streamSeq: message.seq, item })
    else log.warn({ session, streamSeq: message.seq }, 'log message is not valid')
    if (message.info.pending === 0) this.#caughtUp()
  }

  #caughtUp(): void {
    if (this.#isCaughtUp) return
    this.#isCaughtUp = true
    this.#deps.listener.onCaughtUp()
  }
}
