import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  appendToSegment,
  closeSegment,
  openSegment,
  readFromSegment,
  type Segment,
  segmentBytes,
  segmentCount,
  segmentLastSeq,
  syncSegment,
} from './segment.ts'

/** A session that is cut off for hours fills at most this much of the host's disk. */
export const SPOOL_BYTES_MAX = 64 * 1024 * 1024
/** Steps and events still fit when lines no longer do. */
export const SPOOL_BYTES_RESERVE = 4 * 1024 * 1024
/** Small enough to give space back soon, large enough to be few. */
const SEGMENT_BYTES_MAX = 1024 * 1024

/**
 * A session's feed on disk until the bus has acknowledged it.
 *
 * Appending is synchronous on purpose: the order of calls is the order of the feed, and a write to
 * the page cache takes microseconds. It survives the death of the agent; `sync` makes it survive
 * the death of the host as well.
 */
export class Spool {
  readonly #dir: string
  readonly #segments: Segment[] = []
  #ackedSeq: number
  #ackedOnDisk: number

  constructor(dir: string) {
    this.#dir = dir
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const firsts = readdirSync(dir)
      .map((name) => /^(\d{12})\.ndjson$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .sort()
    for (const digits of firsts) {
      this.#segments.push(openSegment(join(dir, `${digits}.ndjson`), Number(digits)))
    }
    if (this.#segments.length === 0) this.#addSegment(1)
    this.#ackedSeq = Math.max(this.#readAcked(), (this.#segments[0]?.firstSeq ?? 1) - 1)
    this.#ackedOnDisk = this.#ackedSeq
  }

  get lastSeq(): number {
    return segmentLastSeq(this.#last)
  }

  get ackedSeq(): number {
    return this.#ackedSeq
  }

  /** What the bus has not acknowledged; 0 once it is closed. */
  get unsentCount(): number {
    return this.#segments.length === 0 ? 0 : this.lastSeq - this.#ackedSeq
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segmentBytes(segment), 0)
  }

  /** Whether a line may still be added; steps and events always may. */
  get hasRoomForLines(): boolean {
    return this.bytes < SPOOL_BYTES_MAX - SPOOL_BYTES_RESERVE
  }

  /** The caller has stamped it `lastSeq + 1`. */
  append(text: string): void {
    if (segmentBytes(this.#last) >= SEGMENT_BYTES_MAX) this.#addSegment(this.lastSeq + 1)
    appendToSegment(this.#last, text)
  }

  read(seq: number): string {
    const holder = this.#segments.findLast((segment) => segment.firstSeq <= seq)
    if (!holder) throw new Error(`item ${seq} was given back already`)
    return readFromSegment(holder, seq)
  }

  /** Everything up to here is on the bus: segments that hold nothing else are removed. */
  ack(seq: number): void {
    if (seq <= this.#ackedSeq) return
    this.#ackedSeq = seq
    // The last segment stays: its name keeps the count going after a restart.
    while (this.#segments.length > 1) {
      const [first] = this.#segments
      if (!first || segmentLastSeq(first) > seq) break
      this.saveAcked()
      closeSegment(first)
      rmSync(first.file, { force: true })
      this.#segments.shift()
    }
  }

  /** Not synced: a lost mark only means that some items are sent again under the same id. */
  saveAcked(): void {
    if (this.#ackedOnDisk === this.#ackedSeq) return
    const file = join(this.#dir, 'acked')
    writeFileSync(`${file}.tmp`, String(this.#ackedSeq), { mode: 0o600 })
    renameSync(`${file}.tmp`, file)
    this.#ackedOnDisk = this.#ackedSeq
  }

  sync(): void {
    syncSegment(this.#last)
  }

  close(): void {
    this.saveAcked()
    for (const segment of this.#segments) closeSegment(segment)
    this.#segments.length = 0
  }

  get #last(): Segment {
    const last = this.#segments.at(-1)
    if (!last) throw new Error('the spool is closed')
    return last
  }

  #addSegment(firstSeq: number): void {
    const last = this.#segments.at(-1)
    if (last && segmentCount(last) === 0) return
    const name = `${String(firstSeq).padStart(12, '0')}.ndjson`
    this.#segments.push(openSegment(join(this.#dir, name), firstSeq))
  }

  #readAcked(): number {
    try {
      return Number.parseInt(readFileSync(join(this.#dir, 'acked'), 'utf8'), 10) || 0
    } catch {
      // No mark yet: everything is sent again, and the bus drops what it knows.
      return 0
    }
  }
}
