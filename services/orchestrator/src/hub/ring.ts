import type { Entry } from './entry.ts'

export interface RingLimits {
  readonly itemsMax: number
  readonly bytesMax: number
}

/** Stands where a dropped entry stood, so that its text is freed at once. */
const DROPPED: Entry = {
  streamSeq: 0,
  bootId: '',
  seq: 0,
  json: '',
  bytes: 0,
  isUrgent: false,
  hole: null,
}

/**
 * The newest entries of a session's log, bounded by count and by bytes.
 *
 * Places are stream sequence numbers. The ring holds *everything* of the log after `floor`, so a
 * reader whose cursor is at or above the floor needs nothing else.
 */
export class Ring {
  readonly #limits: RingLimits
  #entries: Entry[] = []
  /** Entries before this index were dropped; the array is compacted now and then. */
  #start = 0
  #bytes = 0
  #floor = 0

  constructor(limits: RingLimits) {
    this.#limits = limits
  }

  get floor(): number {
    return this.#floor
  }

  get size(): number {
    return this.#entries.length - this.#start
  }

  get bytes(): number {
    return this.#bytes
  }

  get last(): Entry | undefined {
    return this.size > 0 ? this.#entries.at(-1) : undefined
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.bytes
    while (this.size > 1 && this.#isOverLimit()) this.#dropOldest()
    // Moving the rest down costs one copy per `itemsMax` pushes.
    if (this.#start > this.#limits.itemsMax) {
      this.#entries = this.#entries.slice(this.#start)
      this.#start = 0
    }
  }

  covers(cursor: number): boolean {
    return cursor >= this.#floor
  }

  /** The entries after a cursor, oldest first, at most `max`. */
  after(cursor: number, max: number): readonly Entry[] {
    const at = this.#indexAfter(cursor)
    return this.#entries.slice(at, at + max)
  }

  countAfter(cursor: number): number {
    return this.#entries.length - this.#indexAfter(cursor)
  }

  /** The place of an item, when the ring still has it. */
  find(bootId: string, seq: number): Entry | undefined {
    for (let at = this.#entries.length - 1; at >= this.#start; at--) {
      const entry = this.#entries[at]
      if (entry?.seq === seq && entry.bootId === bootId) return entry
    }
    return undefined
  }

  #isOverLimit(): boolean {
    return this.size > this.#limits.itemsMax || this.#bytes > this.#limits.bytesMax
  }

  #dropOldest(): void {
    const oldest = this.#entries[this.#start]
    if (!oldest) return
    this.#entries[this.#start] = DROPPED
    this.#start += 1
    this.#bytes -= oldest.bytes
    this.#floor = oldest.streamSeq
  }

  /** Stream sequence numbers only rise, so the place is found by halving. */
  #indexAfter(cursor: number): number {
    let low = this.#start
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.#entries[middle]
      if (entry && entry.streamSeq <= cursor) low = middle + 1
      else high = middle
    }
    return low
  }
}
