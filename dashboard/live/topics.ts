import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import type { Position } from '@vessel/proto/stamp'
import { Subscription, type SubscriptionDeps } from './subscription.ts'
import type { PresenceState, TopicHandlers } from './types.ts'

export interface TopicsDeps extends Omit<SubscriptionDeps, 'topic' | 'nextId'> {
  readonly isConnected: () => boolean
}

interface Watched {
  readonly subscription: Subscription
  holders: number
  endTimer: unknown
}

/** A page that moves from one view to the next leaves a topic and takes it up again at once. */
const LINGER_MS = 2_000

/** All the topics of the page: one subscription each, however many parts of it watch. */
export class Topics {
  readonly #deps: TopicsDeps
  readonly #byName = new Map<string, Watched>()
  /** Where the page said it is, also for topics it takes up only later. */
  readonly #presence = new Map<string, PresenceState>()
  #lastId = 0

  constructor(deps: TopicsDeps) {
    this.#deps = deps
  }

  subscribe(topic: string, handlers: TopicHandlers): () => void {
    const watched = this.#byName.get(topic) ?? this.#open(topic)
    watched.holders += 1
    this.#deps.clock.clearTimer(watched.endTimer)
    const leave = watched.subscription.join(handlers)

    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      leave()
      this.#release(topic, watched)
    }
  }

  setPresence(topic: string, state: PresenceState | null): void {
    if (state) this.#presence.set(topic, state)
    else this.#presence.delete(topic)
    this.#byName.get(topic)?.subscription.setPresence(state)
  }

  position(topic: string): Position | null {
    return this.#byName.get(topic)?.subscription.story.position ?? null
  }

  askAll(): void {
    for (const { subscription } of this.#byName.values()) subscription.ask()
  }

  lost(): void {
    for (const { subscription } of this.#byName.values()) subscription.lost()
  }

  onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ok':
        this.#byName.get(frame.topic)?.subscription.onOk(frame)
        break
      case 'events':
        this.#byName.get(frame.topic)?.subscription.onEvents(frame)
        break
      case 'gap':
        this.#byName.get(frame.topic)?.subscription.onGap(frame)
        break
      case 'presence':
        this.#byName.get(frame.topic)?.subscription.onPresence(frame)
        break
      case 'error':
        this.#askedWith(frame.id)?.onError(frame)
        break
      default:
    }
  }

  #askedWith(id: number | undefined): Subscription | undefined {
    if (id === undefined) return undefined
    const all = [...this.#byName.values()]
    return all.find(({ subscription }) => subscription.askedId === id)?.subscription
  }

  #open(topic: string): Watched {
    const nextId = () => {
      this.#lastId += 1
      return this.#lastId
    }
    const subscription = new Subscription({ ...this.#deps, topic, nextId })
    const watched = { subscription, holders: 0, endTimer: null }
    this.#byName.set(topic, watched)
    subscription.setPresence(this.#presence.get(topic) ?? null)
    if (this.#deps.isConnected()) subscription.ask()
    return watched
  }

  #release(topic: string, watched: Watched): void {
    watched.holders -= 1
    if (watched.holders > 0) return
    watched.endTimer = this.#deps.clock.setTimer(() => {
      if (this.#byName.get(topic) === watched) this.#byName.delete(topic)
      watched.subscription.end()
    }, LINGER_MS)
  }
}
