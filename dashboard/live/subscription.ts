import type { ClientFrame } from '@vessel/proto/browser/client-frames'
import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import { ERRORS, type ErrorCode } from '@vessel/proto/errors'
import { callSafely } from './emitter.ts'
import { reconnectDelayMs } from './reconnect.ts'
import { Story } from './story.ts'
import type { Clock, PresenceMember, PresenceState, TopicHandlers } from './types.ts'

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>

export interface SubscriptionDeps {
  readonly topic: string
  readonly clock: Clock
  readonly random: () => number
  /** A number no other question of this page has. */
  readonly nextId: () => number
  /** Nothing happens while not connected: everything is asked again at the next `hello`. */
  readonly send: (frame: ClientFrame) => void
}

/** After `recovered: false` the page is cleared when the new story begins, or at the latest now. */
const SETTLE_AFTER_MS = 1_000

/** One topic of the page: asked for at every connection, from where it was left. */
export class Subscription {
  readonly topic: string
  readonly story = new Story()
  readonly #deps: SubscriptionDeps
  #askedId: number | null = null
  #isOpen = false
  #attempt = 0
  #holeAskedAt: string | null = null
  #retryTimer: unknown = null
  #settleTimer: unknown = null
  #presence: PresenceState | null = null
  #members = new Map<string, PresenceMember>()

  constructor(deps: SubscriptionDeps) {
    this.#deps = deps
    this.topic = deps.topic
  }

  get askedId(): number | null {
    return this.#askedId
  }

  join(handlers: TopicHandlers): () => void {
    const leave = this.story.join(handlers)
    if (this.#members.size > 0) callSafely(() => handlers.onPresence?.(this.#list()))
    return leave
  }

  /** Asks the server for everything after what is here. */
  ask(): void {
    this.#deps.clock.clearTimer(this.#retryTimer)
    this.#isOpen = false
    this.#askedId = this.#deps.nextId()
    const since = this.story.position
    this.#deps.send({
      type: 'sub',
      id: this.#askedId,
      topic: this.topic,
      ...(since ? { since } : {}),
    })
  }

  /** The connection is gone; what was received stays. */
  lost(): void {
    this.#isOpen = false
    this.#askedId = null
    this.#stopTimers()
  }

  end(): void {
    this.#stopTimers()
    this.#deps.send({ type: 'unsub', id: this.#deps.nextId(), topic: this.topic })
  }

  setPresence(state: PresenceState | null): void {
    const isChanged = state !== this.#presence
    this.#presence = state
    if (this.#isOpen && isChanged) this.#sendPresence(state ?? 'away')
  }

  onOk(frame: FrameOf<'ok'>): void {
    // An answer to an older question: the one to the newer is on its way.
    if (frame.id !== this.#askedId) return
    this.#isOpen = true
    this.#attempt = 0
    if (!frame.recovered) {
      this.story.startOver()
      this.#settleTimer = this.#deps.clock.setTimer(() => this.story.settle(), SETTLE_AFTER_MS)
    }
    const { recovered, head } = frame
    this.#each((handlers) => handlers.onSubscribed?.({ recovered, head }))
    if (this.#presence) this.#sendPresence(this.#presence)
  }

  onEvents(frame: FrameOf<'events'>): void {
    if (!this.#isOpen || this.story.takeItems(frame.items)) return
    // A hole that nobody announced: it is asked for again from before the hole, but only once.
    const { bootId, seq } = this.story.position ?? { bootId: '', seq: 0 }
    const place = `${bootId}:${seq}`
    if (place === this.#holeAskedAt) {
      this.story.takeItemsWithHoles(frame.items)
      return
    }
    this.#holeAskedAt = place
    this.ask()
  }

  onGap({ bootId, from, to }: FrameOf<'gap'>): void {
    if (this.#isOpen) this.story.takeGap({ bootId, from, to })
  }

  onPresence(frame: FrameOf<'presence'>): void {
    if (frame.list) this.#members = new Map(frame.list.map((member) => [member.userId, member]))
    for (const member of frame.join) this.#members.set(member.userId, member)
    for (const userId of frame.leave) this.#members.delete(userId)
    this.#each((handlers) => handlers.onPresence?.(this.#list()))
  }

  onError({ code, message }: FrameOf<'error'>): void {
    this.#isOpen = false
    const isRetried = isPassing(code)
    if (isRetried) {
      this.#attempt += 1
      const delayMs = reconnectDelayMs(this.#attempt + 1, this.#deps.random(), 500)
      this.#retryTimer = this.#deps.clock.setTimer(() => this.ask(), delayMs)
    } else {
      this.story.forget()
      this.#members.clear()
    }
    this.#each((handlers) => handlers.onError?.({ code, message, isRetried }))
  }

  #list(): PresenceMember[] {
    return [...this.#members.values()]
  }

  #sendPresence(state: PresenceState): void {
    this.#deps.send({ type: 'presence', topic: this.topic, state })
  }

  #each(run: (handlers: TopicHandlers) => void): void {
    for (const handlers of [...this.story.handlers]) callSafely(() => run(handlers))
  }

  #stopTimers(): void {
    this.#deps.clock.clearTimer(this.#retryTimer)
    this.#deps.clock.clearTimer(this.#settleTimer)
  }
}

/** "Not now" is asked again; "not you" and "not there" are not. */
function isPassing(code: ErrorCode): boolean {
  return code === 'RATE_LIMITED' || ERRORS[code].kind !== 'refused'
}
