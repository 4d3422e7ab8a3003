import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { Batch } from './batch.ts'
import { type CountedFrame, encodeItems } from './frames.ts'
import type { HubLimits } from './limits.ts'
import type { Notice } from './notice.ts'
import type { Clock, NoticeAddress, Notifications } from './ports.ts'

export interface StateReader {
  deliver(frames: readonly CountedFrame[]): void
  /** Only the newest matters: it is dropped for a reader who is behind. */
  deliverSample(frames: readonly CountedFrame[]): void
  /** Notices may have been missed: read the state again. */
  refresh(): void
}

export interface StateChannelDeps {
  readonly topic: string
  readonly address: NoticeAddress
  /** Which of the address's items belong to the topic. */
  readonly accepts: (item: TopicItem) => boolean
  readonly notifications: Notifications
  readonly clock: Clock
  readonly limits: HubLimits
}

const REPEATED_KINDS: ReadonlySet<string> = new Set(['host', 'sockets'])

/** State changes of one topic: one subscription on the bus, any number of browsers. */
export class StateChannel {
  readonly #deps: StateChannelDeps
  readonly #batch: Batch
  readonly #readers = new Set<StateReader>()
  readonly #ends: (() => void)[] = []
  readonly #isOpen: Promise<void>
  #pending: TopicItem[] = []
  #lastSample: readonly CountedFrame[] | null = null
  #isStopped = false

  constructor(deps: StateChannelDeps) {
    this.#deps = deps
    this.#batch = new Batch({
      clock: deps.clock,
      limits: deps.limits,
      flush: () => this.#flush(),
    })
    this.#ends.push(deps.notifications.onInterrupted(() => this.#refreshAll()))
    this.#isOpen = this.#open()
  }

  /** Resolves when every change from now on will be heard. */
  get isOpen(): Promise<void> {
    return this.#isOpen
  }

  get lastSample(): readonly CountedFrame[] | null {
    return this.#lastSample
  }

  join(reader: StateReader): void {
    this.#readers.add(reader)
  }

  leave(reader: StateReader): void {
    this.#readers.delete(reader)
  }

  sample(item: TopicItem): void {
    const frames = this.#encode([item])
    this.#lastSample = frames
    for (const reader of this.#readers) reader.deliverSample(frames)
  }

  /** Ends with the channel, like the source of its samples. */
  endWith(end: () => void): void {
    this.#ends.push(end)
  }

  stop(): void {
    this.#isStopped = true
    this.#batch.drop()
    this.#readers.clear()
    for (const end of this.#ends) end()
  }

  async #open(): Promise<void> {
    const { notifications, address } = this.#deps
    const end = await notifications.subscribe(address, (notice) => this.#onNotice(notice))
    if (this.#isStopped) end()
    else this.#ends.push(end)
  }

  #onNotice(notice: Notice): void {
    if (notice.kind !== 'items') return
    for (const item of notice.items) {
      if (!this.#deps.accepts(item)) continue
      this.#pending.push(item)
      // A changed state is what the person waits for; what is repeated every few seconds is not.
      this.#batch.add(JSON.stringify(item).length, !REPEATED_KINDS.has(item.kind))
    }
  }

  #flush(): void {
    const items = this.#pending
    this.#pending = []
    if (items.length === 0 || this.#readers.size === 0) return
    const frames = this.#encode(items)
    for (const reader of this.#readers) reader.deliver(frames)
  }

  #refreshAll(): void {
    for (const reader of this.#readers) reader.refresh()
  }

  #encode(items: readonly TopicItem[]): CountedFrame[] {
    const { replayItemsMax: itemsMax, replayBytesMax: bytesMax } = this.#deps.limits
    return encodeItems(this.#deps.topic, items, { itemsMax, bytesMax })
  }
}
