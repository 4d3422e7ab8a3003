import { formatTopic } from '@vessel/proto/browser/topics'
import type { SessionId } from '@vessel/proto/ids'
import type { Position } from '@vessel/proto/stamp'
import type { Slots } from '../slots.ts'
import { Batch } from './batch.ts'
import { createEntry, type Entry, type Place, placeOf } from './entry.ts'
import { type CountedFrame, encodeEntries, joinFrames } from './frames.ts'
import type { HistoryDeps } from './history.ts'
import type { HubLimits } from './limits.ts'
import { LogIndex } from './log-index.ts'
import type { Clock, FeedSource, StreamItem } from './ports.ts'
import { Ring } from './ring.ts'
import { Sequencer } from './sequencer.ts'

export interface SessionLogDeps {
  readonly session: SessionId
  readonly feed: FeedSource
  readonly clock: Clock
  readonly limits: HubLimits
  /** For reading what the ring has dropped. */
  readonly slots: Slots
  /** The stream was made anew: every reader has to start over. */
  readonly onReset: () => void
}

/** A reader that has everything up to `flushedTo` and gets each new batch as it is made. */
export interface LiveReader {
  /** False: it cannot take more now, and leaves. Its place stays where it was. */
  deliver(chunk: Chunk): boolean
}

/** Some entries in a row, written out, and where a reader stands who was given them. */
export interface Chunk {
  readonly frames: readonly CountedFrame[]
  /** One for all its readers. */
  readonly end: Place
  /** Bounded by size, so it stays the same whatever is appended to the log. */
  readonly isFull: boolean
}

/**
 * The log of one session in this process: one reader of JetStream, one ring, any number of
 * browsers. Places are stream sequence numbers, which every orchestrator agrees on.
 */
export class SessionLog {
  readonly topic: string
  /** One for all its readers. */
  readonly historyDeps: HistoryDeps
  readonly ring: Ring
  readonly index: LogIndex
  readonly #deps: SessionLogDeps
  readonly #sequencer = new Sequencer()
  readonly #batch: Batch
  readonly #live = new Set<LiveReader>()
  readonly #holePlaces: number[] = []
  readonly #chunks = new Map<number, Chunk>()
  readonly #waiters = new Set<() => void>()
  readonly #follow: { stop(): void }
  #isCaughtUp = false
  #isFlushDue = false
  #seenTo = 0
  #flushedTo = 0
  /** Holes before this place are not remembered any more. */
  #holesKnownAfter = 0

  constructor(deps: SessionLogDeps) {
    this.#deps = deps
    this.historyDeps = { ...deps, log: this }
    this.topic = formatTopic({ kind: 'session', id: deps.session })
    const { ringItemsMax: itemsMax, ringBytesMax: bytesMax } = deps.limits
    this.ring = new Ring({ itemsMax, bytesMax })
    this.index = new LogIndex(deps.limits)
    this.#batch = new Batch({
      clock: deps.clock,
      limits: deps.limits,
      flush: (isUrgent) => this.#flushSoon(isUrgent),
    })
    this.#follow = deps.feed.follow(deps.session, 0, {
      onItem: (item) => this.#onItem(item),
      onCaughtUp: () => this.#onCaughtUp(),
      onReset: deps.onReset,
    })
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp
  }

  /** Everything up to here is in the stream and was seen, duplicates included. */
  get seenTo(): number {
    return this.#seenTo
  }

  /** Everything up to here was given to the live readers. */
  get flushedTo(): number {
    return this.#flushedTo
  }

  get head(): Position | null {
    const last = this.ring.last
    if (!last) return null
    return { bootId: last.bootId as Position['bootId'], seq: last.seq }
  }

  get readers(): number {
    return this.#live.size
  }

  headOf(bootId: string): number | undefined {
    return this.#sequencer.heads.get(bootId)
  }

  /** Is everything after a place there to be read, as far as its numbering tells? */
  isWholeAfter(streamSeq: number): boolean {
    if (streamSeq < this.#holesKnownAfter) return false
    return !this.#holePlaces.some((place) => place > streamSeq)
  }

  /** Joins a reader that stands at `flushedTo`. */
  goLive(reader: LiveReader): void {
    this.#live.add(reader)
  }

  leave(reader: LiveReader): void {
    this.#live.delete(reader)
  }

  /** What follows a place the ring covers, written out once for all who resume there. */
  chunkAfter(cursor: number): Chunk | null {
    const cached = this.#chunks.get(cursor)
    if (cached && (cached.isFull || cached.end.streamSeq === this.#flushedTo)) return cached

    const { replayItemsMax, replayBytesMax, replayFramesMax } = this.#deps.limits
    const flushed = this.ring
      .after(cursor, replayItemsMax)
      .filter((entry) => entry.streamSeq <= this.#flushedTo)
    const entries = cutAtBytes(flushed, replayBytesMax)
    const last = entries.at(-1)
    if (!last) return null

    const isFull = entries.length < flushed.length || entries.length === replayItemsMax
    const chunk = { frames: this.encode(entries), end: placeOf(last), isFull }
    const [oldest] = this.#chunks.keys()
    if (this.#chunks.size >= replayFramesMax && oldest !== undefined) this.#chunks.delete(oldest)
    this.#chunks.set(cursor, chunk)
    return chunk
  }

  /** Resolves when the state it waits for has come about; `check` is asked at every change. */
  waitUntil(check: () => boolean, signal: AbortSignal): Promise<void> {
    if (check()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#waiters.delete(look)
        signal.removeEventListener('abort', abort)
      }
      const look = () => {
        if (!check()) return
        settle()
        resolve()
      }
      const abort = () => {
        settle()
        reject(signal.reason)
      }
      if (signal.aborted) return reject(signal.reason)
      this.#waiters.add(look)
      signal.addEventListener('abort', abort, { once: true })
    })
  }

  stop(): void {
    this.#follow.stop()
    this.#batch.drop()
    this.#live.clear()
  }

  #onItem(streamItem: StreamItem): void {
    this.#seenTo = Math.max(this.#seenTo, streamItem.streamSeq)
    const { bootId, seq } = streamItem.item
    const verdict = this.#sequencer.take(bootId, seq)
    if (verdict.kind !== 'duplicate') {
      const hole = verdict.kind === 'next' ? verdict.hole : null
      this.#append(createEntry(streamItem, hole))
    }
    this.#wake()
  }

  #append(entry: Entry): void {
    if (entry.hole) this.#rememberHole(entry.streamSeq)
    this.ring.push(entry)
    this.index.add(entry.streamSeq, this.#sequencer.heads)
    if (this.#isCaughtUp) this.#batch.add(entry.bytes, entry.isUrgent)
    else this.#flushedTo = entry.streamSeq
  }

  #onCaughtUp(): void {
    this.#isCaughtUp = true
    this.#wake()
  }

  /**
   * What the bus delivered together is written together, once all of it was read: for a reader it
   * is one write instead of many. Only what is urgent does not even wait for that.
   */
  #flushSoon(isUrgent: boolean): void {
    if (isUrgent) {
      this.#flush()
      return
    }
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    queueMicrotask(() => {
      this.#isFlushDue = false
      this.#flush()
    })
  }

  #flush(): void {
    const entries = this.ring.after(this.#flushedTo, this.#deps.limits.ringItemsMax)
    const last = entries.at(-1)
    if (!last) return
    this.#flushedTo = last.streamSeq
    if (this.#live.size === 0) return

    const { batchItemsMax: itemsMax, batchBytesMax: bytesMax } = this.#deps.limits
    const frames = joinFrames(encodeEntries(this.topic, entries, { itemsMax, bytesMax }))
    const chunk = { frames, end: placeOf(last), isFull: false }
    for (const reader of this.#live) {
      if (!reader.deliver(chunk)) this.#live.delete(reader)
    }
  }

  encode(entries: readonly Entry[]): CountedFrame[] {
    const { replayItemsMax: itemsMax, replayBytesMax: bytesMax } = this.#deps.limits
    return encodeEntries(this.topic, entries, { itemsMax, bytesMax })
  }

  #rememberHole(place: number): void {
    this.#holePlaces.push(place)
    if (this.#holePlaces.length <= this.#deps.limits.gapsMax) return
    this.#holesKnownAfter = this.#holePlaces.shift() ?? this.#holesKnownAfter
  }

  #wake(): void {
    for (const look of this.#waiters) look()
  }
}

function cutAtBytes(entries: readonly Entry[], bytesMax: number): readonly Entry[] {
  let bytes = 0
  const end = entries.findIndex((entry, at) => {
    bytes += entry.bytes
    return at > 0 && bytes > bytesMax
  })
  return end === -1 ? entries : entries.slice(0, end)
}
