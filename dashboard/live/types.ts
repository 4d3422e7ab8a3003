import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { ErrorCode } from '@vessel/proto/errors'
import type { Position } from '@vessel/proto/stamp'

/**
 * connecting: the first attempt runs. connected: `hello` was received. reconnecting: it was cut or
 * could not be made, and is tried again for ever. offline: the browser says there is no network.
 * closed: given up, because the server said so or `close` was called; only a reload helps.
 */
export type SocketState = 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'closed'

export interface SocketStatus {
  readonly state: SocketState
  /** Attempts since it was last connected; 0 while connected. */
  readonly attempt: number
  /** Epoch milliseconds of the next attempt, while one is waited for. */
  readonly retryAtMs: number | null
  /** The close code that ended it: set only in `closed`. */
  readonly closeCode: number | null
  /** Round trip of the last ping. */
  readonly latencyMs: number | null
  /** Who the server says we are. */
  readonly userId: string | null
  readonly isAdmin: boolean
}

/** Items `from` to `to` of a boot cannot be had any more. Always shown to the reader. */
export interface Gap {
  readonly bootId: string
  readonly from: number
  readonly to: number
}

export type PresenceState = 'dashboard' | 'boot' | 'editor' | 'away'
export interface PresenceMember {
  readonly userId: string
  readonly name: string
  readonly state: PresenceState
}

export interface TopicError {
  readonly code: ErrorCode
  readonly message: string
  /** True: it is tried again without your help. False: you may not watch this topic. */
  readonly isRetried: boolean
}

/**
 * What a watcher of a topic is told, in the server's order. A handler that joins later than others
 * is first given what they were given, so every handler sees the same story from its beginning;
 * only what `admin` is told of sessions and sockets passes by.
 */
export interface TopicHandlers {
  /** Never empty; no feed item twice, and no older revision of a thing after a newer one. */
  onItems?: (items: readonly TopicItem[]) => void
  /** A hole, between the items before and after it. */
  onGap?: (gap: Gap) => void
  /** Forget everything you were given: the whole story follows again. */
  onReset?: () => void
  /** The server accepted the subscription: what comes from here on is live or the replay. */
  onSubscribed?: (answer: { recovered: boolean; head: Position | null }) => void
  /** Who is on a `project:` topic, yourself included. The whole list, each time it changes. */
  onPresence?: (members: readonly PresenceMember[]) => void
  onError?: (error: TopicError) => void
}

/** Only what the client uses of the standard WebSocket, so that tests can bring their own. */
export interface RawSocket {
  readonly readyState: number
  send(data: string): void
  close(code?: number, reason?: string): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  onerror: (() => void) | null
}

export interface Clock {
  now(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
}

/** What the page knows of network and visibility; outside a browser there is nothing to know. */
export interface PageSignals {
  isOnline(): boolean
  isVisible(): boolean
  /** Calls `listener` whenever one of the two changed. Returns how to stop. */
  onChange(listener: () => void): () => void
}

export interface SocketOptions {
  /** `wss://…/ws` */
  readonly url: string
  /** A token that is good now; called for every attempt and every refresh. Null: logged out. */
  readonly getToken: () => Promise<string | null>
  readonly connect?: (url: string, protocol: string) => RawSocket
  readonly clock?: Clock
  readonly random?: () => number
  readonly page?: PageSignals
  /** Every frame from the server, for an inspector page. */
  readonly onFrame?: (frame: ServerFrame) => void
}

/** The live connection of a page: one per tab, made once, shared by everything on it. */
export interface LiveSocket {
  status(): SocketStatus
  /** Called at every change, not at once. Returns how to stop. */
  onStatus(listener: (status: SocketStatus) => void): () => void
  /** Watches a topic until the returned function is called. */
  subscribe(topic: string, handlers: TopicHandlers): () => void
  /** Says where on a project this page is; null: not there any more. Kept across reconnects. */
  setPresence(topic: string, state: PresenceState | null): void
  /** How far a session's feed was received; null before its first item. */
  position(topic: string): Position | null
  /** The user pressed "reconnect now", or a poll saw the server answer. */
  retryNow(): void
  /** The token changed (login, refresh by the auth library): tell the server in place. */
  refreshToken(): void
  /** Ends it for good. */
  close(): void
}
