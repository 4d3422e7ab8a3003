import { randomUUID } from 'node:crypto'
import { CLOSE_CODES, type CloseReason, mayReconnect } from '@vessel/proto/browser/close-codes'
import type { DeliveryCounters } from '@vessel/proto/browser/delivery-counters'
import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import type { ErrorCode } from '@vessel/proto/errors'
import type { WebSocket } from 'ws'
import { type ConnectionCounters, createCounters } from './counters.ts'
import type { Ending } from './ending.ts'
import { type CountedFrame, encodeFrame } from './frames.ts'
import type { CloseLabel, HubMetrics } from './hub-metrics.ts'
import type { HubLimits } from './limits.ts'
import { Outbox, type OutboxSocket, type SendResult } from './outbox.ts'
import type { Clock, VerifiedToken } from './ports.ts'
import type { PresenceRoom } from './presence-room.ts'

/** A topic this connection watches, or is about to. */
export interface WatchedTopic {
  readonly name: string
  /** Id of the frame that asked for it: what an error about it refers to. */
  readonly subId: number
  readonly ended: Ending
  isOpen: boolean
  /** Of a `session:` topic, once it is open. */
  reader: { readonly itemsBehind: number } | null
  /** Of a `project:` topic, once it is open. */
  room: PresenceRoom | null
}

export interface Sockets {
  readonly socket: Pick<WebSocket, 'close' | 'ping'>
  /** What is under it: data goes there without a detour. */
  readonly tcp: OutboxSocket
}

/** One for all connections. */
export interface ConnectionDeps {
  readonly clock: Clock
  readonly limits: HubLimits
  readonly metrics: HubMetrics
  readonly onClosed: (connection: Connection, label: CloseLabel) => void
}

/** One browser. Writes go through its outbox; everything it holds ends with it. */
export class Connection {
  readonly id = randomUUID()
  readonly outbox: Outbox
  readonly counters: ConnectionCounters = createCounters()
  /** A list: most watch two or three, and a map is many times as big. */
  topics: readonly WatchedTopic[] = []
  readonly openedAtMs: number
  viewer: VerifiedToken | null = null
  lastSeenMs: number
  lastPingMs: number
  readonly #deps: ConnectionDeps
  readonly #socket: Sockets['socket']
  #isClosed = false

  constructor(deps: ConnectionDeps, { socket, tcp }: Sockets) {
    this.#deps = deps
    this.#socket = socket
    this.outbox = new Outbox(tcp, deps.limits)
    this.openedAtMs = deps.clock.now()
    this.lastSeenMs = this.openedAtMs
    this.lastPingMs = this.openedAtMs
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  topic(name: string): WatchedTopic | undefined {
    return this.topics.find((topic) => topic.name === name)
  }

  watch(topic: WatchedTopic): void {
    this.topics = this.topics.concat(topic)
  }

  unwatch(name: string): void {
    const topic = this.topic(name)
    this.topics = this.topics.filter((other) => other !== topic)
    topic?.ended.end()
  }

  send(frame: ServerFrame): void {
    this.sendState([{ wire: encodeFrame(frame), items: 0, frames: 1, gaps: 0 }])
  }

  sendError(code: ErrorCode, message: string, id?: number): void {
    this.counters.framesRefused += 1
    this.#deps.metrics.framesRefused.inc({ code })
    this.send({ type: 'error', code, message, ...(id === undefined ? {} : { id }) })
  }

  /** What must arrive: it passes until the client has more waiting than is allowed at all. */
  sendState(frames: readonly CountedFrame[]): void {
    for (const frame of frames) {
      if (this.#isClosed) return
      if (this.outbox.sendControl(frame) === 'slow') {
        this.close('slow')
        return
      }
      this.#count([frame], 'live')
    }
  }

  sendLog(frames: readonly CountedFrame[], how: 'live' | 'replay'): SendResult {
    if (this.#isClosed) return 'slow'
    const result = this.outbox.sendLog(frames)
    if (result === 'sent') this.#count(frames, how)
    else if (result === 'slow') this.close('slow')
    else {
      this.counters.holds += 1
      this.#deps.metrics.holds.inc()
    }
    return result
  }

  /** Load samples: not worth a place in the queue of a client who is behind. */
  sendSample(frames: readonly CountedFrame[]): void {
    if (this.#isClosed) return
    const result = this.outbox.sendLog(frames)
    if (result === 'sent') this.#count(frames, 'live')
    else this.counters.samplesDropped += 1
  }

  whenDrained(run: () => void): () => void {
    return this.outbox.whenDrained(run)
  }

  delivery(): DeliveryCounters {
    const { framesSent, itemsSent, bytesSent, bytesWaiting } = this.outbox
    const behind = this.topics.map(({ reader }) => reader?.itemsBehind ?? 0)
    const itemsBehind = behind.reduce((sum, items) => sum + items, 0)
    return { ...this.counters, framesSent, itemsSent, bytesSent, bytesWaiting, itemsBehind }
  }

  ping(): void {
    this.lastPingMs = this.#deps.clock.now()
    this.#socket.ping()
  }

  /** Ends it with a reason. What it watched ends at once, the socket after the close handshake. */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.#isClosed) return
    const code = CLOSE_CODES[reason]
    const bye = encodeFrame({
      type: 'bye',
      code,
      reconnect: mayReconnect(code),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
    // A client who reads nothing would not read this either.
    if (reason !== 'slow' && reason !== 'dead')
      this.outbox.sendControl({ wire: bye, items: 0, frames: 1, gaps: 0 })
    this.end(reason)
    this.#socket.close(code, reason)
  }

  /** The socket is gone, or going: everything it held ends. */
  end(label: CloseLabel): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const { topics } = this
    this.topics = []
    for (const topic of topics) topic.ended.end()
    this.#deps.metrics.closes.inc({ reason: label })
    this.#deps.onClosed(this, label)
  }

  #count(frames: readonly CountedFrame[], how: 'live' | 'replay'): void {
    const { sent } = this.#deps.metrics
    for (const { items, frames: some, gaps } of frames) {
      this.counters.gapsSent += gaps
      sent.gaps += gaps
      if (how === 'replay') this.counters.itemsReplayed += items
      sent.frames += some
      sent[how] += items
    }
  }
}
