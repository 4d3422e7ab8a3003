import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Ends } from './ending.ts'
import { type CountedFrame, encodeItems } from './frames.ts'
import type { StateChannel, StateReader } from './state-channel.ts'
import { type Subscribing, sendOk } from './subscribing.ts'

/** Changes held back while a snapshot is read. Beyond it the snapshot is simply read again. */
const HELD_MAX = 64
const SNAPSHOT_TRIES_MAX = 3

/**
 * One browser's view of a topic's state: the snapshot, then every change after it.
 *
 * It listens before it reads and holds what it hears meanwhile, so nothing falls between. A change
 * that the snapshot holds already comes again with its revision, which the page ignores.
 */
export class StateWatch implements StateReader, Ends {
  readonly #request: Subscribing
  readonly #channel: StateChannel
  #held: CountedFrame[] | null = []
  #hasOverflowed = false
  #isStopped = false

  constructor(request: Subscribing, channel: StateChannel) {
    this.#request = request
    this.#channel = channel
    channel.join(this)
  }

  /** Reads the snapshot and, after `announce`, sends it and what came meanwhile. */
  async open(announce: () => void): Promise<void> {
    await this.#channel.isOpen
    const items = await this.#readSettled()
    if (this.#isStopped) return
    announce()
    this.#release(items)
    if (this.#channel.lastSample) this.deliverSample(this.#channel.lastSample)
  }

  deliver(frames: readonly CountedFrame[]): void {
    if (this.#held === null) {
      this.#request.connection.sendState(frames)
      return
    }
    if (this.#held.length < HELD_MAX) this.#held.push(...frames)
    else this.#hasOverflowed = true
  }

  deliverSample(frames: readonly CountedFrame[]): void {
    if (this.#held === null) this.#request.connection.sendSample(frames)
  }

  refresh(): void {
    if (this.#isStopped || this.#held !== null) return
    this.#held = []
    this.#readSettled()
      .then((items) => {
        if (!this.#isStopped) this.#announceAgain()
        this.#release(items)
      })
      .catch((cause) => {
        this.#releaseHeld()
        const { ctx, watched } = this.#request
        ctx.log.warn({ topic: watched.name, err: String(cause) }, 'state not read again')
      })
  }

  end(): void {
    this.#isStopped = true
    this.#channel.leave(this)
  }

  /** The page forgets what may have gone meanwhile; a session's log has its own way of that. */
  #announceAgain(): void {
    if (this.#request.topic.kind !== 'session') sendOk(this.#request)
  }

  #readSnapshot(): Promise<readonly TopicItem[]> {
    const { ctx, viewer, topic } = this.#request
    // It may have left while it waited for its turn.
    return ctx.snapshotSlots.run(async () =>
      this.#isStopped ? [] : ctx.domain.snapshot(viewer, topic),
    )
  }

  async #readSettled(): Promise<readonly TopicItem[]> {
    let items: readonly TopicItem[] = []
    for (let attempt = 0; attempt < SNAPSHOT_TRIES_MAX; attempt++) {
      this.#hasOverflowed = false
      items = await this.#readSnapshot()
      if (!this.#hasOverflowed) break
      this.#held = []
    }
    return items
  }

  #release(items: readonly TopicItem[]): void {
    const { ctx, watched, connection } = this.#request
    const { limits } = ctx
    const bounds = { itemsMax: limits.replayItemsMax, bytesMax: limits.replayBytesMax }
    if (!this.#isStopped) connection.sendState(encodeItems(watched.name, items, bounds))
    this.#releaseHeld()
  }

  #releaseHeld(): void {
    const held = this.#held ?? []
    this.#held = null
    if (!this.#isStopped && held.length > 0) this.#request.connection.sendState(held)
  }
}
