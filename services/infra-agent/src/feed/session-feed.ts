import {
  type FeedBody,
  type FeedItem,
  LINE_CHARS_MAX,
  type StampedEvent,
} from '@vessel/proto/events/feed'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import type { BootId, HostId, SessionId } from '@vessel/proto/ids'
import type { StepName } from '@vessel/proto/steps'
import type { Clock, Feed, StepNote } from '../vm/ports.ts'
import { FloodGate } from './flood-gate.ts'
import type { Spool } from './spool.ts'

export interface FeedIdentity {
  readonly host: HostId
  readonly session: SessionId
  readonly bootId: BootId
  readonly traceparent?: string | undefined
}
export interface SessionFeedDeps {
  readonly identity: FeedIdentity
  readonly spool: Spool
  readonly clock: Clock
  /** There is something new to publish. */
  readonly onAppend: () => void
  readonly onMetric: (message: GuestMessage) => void
}

/** A gap is shown at the latest this long after it began, also when no line follows. */
const GAP_SHOWN_AFTER_MS = 1_000
/** Lines of the agent itself are few; everyone else's are metered. */
type LineSource = Parameters<Feed['line']>[0]

/** Stamps, meters and writes down what happens to one boot. */
export class SessionFeed implements Feed {
  readonly #deps: SessionFeedDeps
  readonly #gate: FloodGate
  #linesDropped = 0
  #gapTimer: NodeJS.Timeout | null = null

  constructor(deps: SessionFeedDeps) {
    this.#deps = deps
    this.#gate = new FloodGate(deps.clock.monotonic())
  }

  line(source: LineSource, text: string, level: 'info' | 'warn' | 'error' = 'info'): void {
    const cut = text.slice(0, LINE_CHARS_MAX)
    if (!this.#mayAdd(source, Buffer.byteLength(cut))) {
      this.#linesDropped += 1
      this.#gapTimer ??= setTimeout(() => this.#showGap(), GAP_SHOWN_AFTER_MS).unref()
      return
    }
    const gap = this.#takeGap()
    const isCut = cut.length < text.length ? { isCut: true } : {}
    const isKept = this.#tryAppend({ kind: 'line', source, level, text: cut, ...isCut, ...gap })
    if (!isKept) this.#linesDropped += 1 + (gap.linesDropped ?? 0)
  }

  step(step: StepName, note: StepNote): void {
    this.#tryAppend({ kind: 'step', step, ...note })
  }

  async event(event: LifecycleEvent): Promise<void> {
    if (this.#linesDropped > 0) this.#showGap()
    this.#append({ kind: 'event', event })
    this.#deps.spool.sync()
  }

  metric(message: GuestMessage): void {
    this.#deps.onMetric(message)
  }

  close(): void {
    if (this.#linesDropped > 0) this.#showGap()
  }

  #mayAdd(source: LineSource, bytes: number): boolean {
    if (source === 'agent') return true
    return (
      this.#deps.spool.hasRoomForLines && this.#gate.admits(bytes, this.#deps.clock.monotonic())
    )
  }

  /** The count of what was dropped travels on the next item, so the gap stands where it was. */
  #takeGap(): { linesDropped?: number } {
    if (this.#gapTimer) clearTimeout(this.#gapTimer)
    this.#gapTimer = null
    if (this.#linesDropped === 0) return {}
    const linesDropped = this.#linesDropped
    this.#linesDropped = 0
    return { linesDropped }
  }

  #showGap(): void {
    const gap = this.#takeGap()
    if (gap.linesDropped === undefined) return
    const text = `${gap.linesDropped} lines were not kept: too much output at once`
    const isKept = this.#tryAppend({ kind: 'line', source: 'agent', level: 'warn', text, ...gap })
    if (!isKept) this.#linesDropped += gap.linesDropped
  }

  /** A full disk costs lines, which are counted, and steps; it must not stop the work itself. */
  #tryAppend(body: FeedBody): boolean {
    try {
      this.#append(body)
      return true
    } catch {
      // Nothing was stamped, so there is no hole; an event is the caller's to try again.
      return false
    }
  }

  #append(body: FeedBody): void {
    const { host, session, bootId, traceparent } = this.#deps.identity
    const item: FeedItem = {
      session,
      bootId,
      seq: this.#deps.spool.lastSeq + 1,
      at: new Date(this.#deps.clock.now()).toISOString(),
      host,
      ...(traceparent ? { traceparent } : {}),
      ...body,
    }
    this.#deps.spool.append(JSON.stringify(item))
    this.#deps.onAppend()
  }
}

/** The same event as it stands in the event stream, or null when the item is none. */
export function toStampedEvent(item: FeedItem): StampedEvent | null {
  if (item.kind !== 'event') return null
  const { kind: _kind, ...stamped } = item
  return stamped
}
