import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { type CountedFrame, encodeItems } from './frames.ts'
import type { HubLimits } from './limits.ts'
import type { StateChannel, StateReader } from './state-channel.ts'

export interface StateOutlet {
  sendState(frames: readonly CountedFrame[]): void
  sendSample(frames: readonly CountedFrame[]): void
}

export interface StateWatchDeps {
  readonly topic: string
  readonly channel: StateChannel
  readonly outlet: StateOutlet
  readonly readSnapshot: () => Promise<readonly TopicItem[]>
  readonly limits: HubLimits
  /** Before the state is sent anew: the page forgets what may have gone meanwhile. */
  readonly onRefresh?: () => void
  readonly onFailed: (cause: unknown) => void
}

/** Changes held back while a snapshot is read. Beyond it the snapshot is simply read again. */
const HELD_MAX = 64
const SNAPSHOT_TRIES_MAX = 3

/**
 * One browser's view of a topic's state: the snapshot, then every change after it.
 *
 * It listens before it reads and holds what it hears meanwhile, so nothing falls between. A change
 * that the snapshot holds already comes again with its revision, which the page ignores.
 */
export class StateWatch implements StateReader {
  readonly #deps: StateWatchDeps
  #held: CountedFrame[] | null = []
  #hasOverflowed = false
  #isStopped = false

  constructor(deps: StateWatchDeps) {
    this.#deps = deps
    deps.channel.join(this)
  }

  /** Reads the snapshot and, after `announce`, sends it and what came meanwhile. */
  async open(announce: () => void): Promise<void> {
    await this.#deps.channel.isOpen
    const items = await this.#readSettled()
    if (this.#isStopped) return
    announce()
    this.#release(items)
    if (this.#deps.channel.lastSample) this.deliverSample(this.#deps.channel.lastSample)
  }

  deliver(frames: readonly CountedFrame[]): void {
    if (this.#held === null) {
      this.#deps.outlet.sendState(frames)
      return
    }
    if (this.#held.length < HELD_MAX) this.#held.push(...frames)
    else this.#hasOverflowed = true
  }

  deliverSample(frames: readonly CountedFrame[]): void {
    if (this.#held === null) this.#deps.outlet.sendSample(frames)
  }

  refresh(): void {
    if (this.#isStopped || this.#held !== null) return
    this.#held = []
    this.#readSettled()
      .then((items) => {
        if (!this.#isStopped) this.#deps.onRefresh?.()
        this.#release(items)
      })
      .catch((cause) => {
        this.#releaseHeld()
        this.#deps.onFailed(cause)
      })
  }

  stop(): void {
    this.#isStopped = true
    this.#deps.channel.leave(this)
  }

  async #readSettled(): Promise<readonly TopicItem[]> {
    let items: readonly TopicItem[] = []
    for (let attempt = 0; attempt < SNAPSHOT_TRIES_MAX; attempt++) {
      this.#hasOverflowed = false
      items = await this.#deps.readSnapshot()
      if (!this.#hasOverflowed) break
      this.#held = []
    }
    return items
  }

  #release(items: readonly TopicItem[]): void {
    const { topic, limits, outlet } = this.#deps
    const bounds = { itemsMax: limits.replayItemsMax, bytesMax: limits.replayBytesMax }
    if (!this.#isStopped) outlet.sendState(encodeItems(topic, items, bounds))
    this.#releaseHeld()
  }

  #releaseHeld(): void {
    const held = this.#held ?? []
    this.#held = null
    if (!this.#isStopped && held.length > 0) this.#deps.outlet.sendState(held)
  }
}
