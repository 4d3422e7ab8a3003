import type { SessionId } from '@vessel/proto/ids'
import type { Slots } from '../slots.ts'
import { createEntry, type Entry, type Place } from './entry.ts'
import type { HubLimits } from './limits.ts'
import type { FeedSource, StreamItem } from './ports.ts'
import { Sequencer } from './sequencer.ts'
import type { SessionLog } from './session-log.ts'

export interface HistoryDeps {
  readonly session: SessionId
  readonly log: SessionLog
  readonly feed: FeedSource
  readonly limits: HubLimits
  /** Shared by the whole process: an avalanche must not become a storm on JetStream. */
  readonly slots: Slots
}

/**
 * Reads what the ring has dropped, page by page, for one reader. It judges the numbering by
 * itself, because the stream may have dropped more since the log was first read.
 */
export class History {
  readonly #deps: HistoryDeps
  readonly #sequencer: Sequencer
  readonly #cursor: number
  #readTo: number

  constructor(deps: HistoryDeps, place: Place) {
    this.#deps = deps
    this.#cursor = place.streamSeq
    const mark = deps.log.index.before(place.streamSeq)
    const heads = new Map(mark.heads)
    // What lies between the mark and the place may be gone by now, but this reader had it.
    if (place.seen)
      heads.set(place.seen.bootId, Math.max(place.seen.seq, heads.get(place.seen.bootId) ?? 0))
    this.#sequencer = new Sequencer(heads)
    this.#readTo = mark.streamSeq
  }

  /** The next entries below the ring; null when the ring goes on from here. */
  async next(signal: AbortSignal): Promise<readonly Entry[] | null> {
    const { session, log, feed, limits, slots } = this.#deps
    const upTo = log.ring.floor
    if (this.#readTo >= upTo) return null

    const range = { session, after: this.#readTo, upTo, itemsMax: limits.historyPageMax }
    const page = await slots.run(() => feed.page(range, signal), signal)
    this.#readTo = page.readTo
    return this.#judge(page.items)
  }

  /** The place up to which it was read: the reader's cursor from here on. */
  get readTo(): number {
    return Math.max(this.#readTo, this.#cursor)
  }

  /** The first entries of the ring, with the holes this reader sees before them. */
  join(entries: readonly Entry[]): readonly Entry[] {
    return entries.flatMap((entry) => {
      const verdict = this.#sequencer.take(entry.bootId, entry.seq)
      if (verdict.kind === 'duplicate') return []
      return [{ ...entry, hole: verdict.kind === 'next' ? verdict.hole : null }]
    })
  }

  #judge(items: readonly StreamItem[]): readonly Entry[] {
    return items.flatMap((streamItem) => {
      const verdict = this.#sequencer.take(streamItem.item.bootId, streamItem.item.seq)
      if (verdict.kind === 'duplicate' || streamItem.streamSeq <= this.#cursor) return []
      return [createEntry(streamItem, verdict.kind === 'next' ? verdict.hole : null)]
    })
  }
}
