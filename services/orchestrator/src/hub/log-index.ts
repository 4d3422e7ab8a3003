import type { Heads } from './sequencer.ts'

/** A known place in a log, and how far each boot had come there (the place included). */
export interface Mark {
  readonly streamSeq: number
  readonly heads: ReadonlyMap<string, number>
}

const START: Mark = { streamSeq: 0, heads: new Map() }

export interface LogIndexLimits {
  readonly indexEveryItems: number
  readonly indexEntriesMax: number
}

/**
 * Sparse marks along a session's log, so that an old position is found by reading a few hundred
 * messages instead of all.
 */
export class LogIndex {
  readonly #limits: LogIndexLimits
  readonly #marks: Mark[] = []
  #items = 0

  constructor(limits: LogIndexLimits) {
    this.#limits = limits
  }

  add(streamSeq: number, heads: Heads): void {
    this.#items += 1
    if (this.#items % this.#limits.indexEveryItems !== 0) return
    this.#marks.push({ streamSeq, heads: new Map(heads) })
    if (this.#marks.length > this.#limits.indexEntriesMax) this.#marks.shift()
  }

  /** The last mark at or before a place. */
  before(streamSeq: number): Mark {
    return this.#marks.findLast((mark) => mark.streamSeq <= streamSeq) ?? START
  }

  /** The last mark that an item surely lies behind. */
  beforeItem(bootId: string, seq: number): Mark {
    return this.#marks.findLast((mark) => (mark.heads.get(bootId) ?? 0) < seq) ?? START
  }
}
