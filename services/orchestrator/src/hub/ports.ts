import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Topic } from '@vessel/proto/browser/topics'
import type { FeedItem } from '@vessel/proto/events/feed'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { ProjectId, SessionId, UserId } from '@vessel/proto/ids'
import type { Notice } from './notice.ts'

/** Who is at the other end, once their token was checked. */
export interface Viewer {
  readonly userId: UserId
  readonly name: string
  readonly isAdmin: boolean
}

export interface VerifiedToken extends Viewer {
  /** Which login of theirs, where the token says. */
  readonly loginId: string | null
  readonly expiresAtMs: number
}

/** What the hub asks of the rest of the orchestrator. */
export interface HubDomain {
  /** Throws UNAUTHENTICATED or TOKEN_EXPIRED. MUST NOT call the network for every token. */
  verifyToken(token: string): Promise<VerifiedToken>
  /** Whether the login was ended meanwhile. Asked of every connection every second. */
  hasEnded(viewer: VerifiedToken): boolean
  /**
   * Asked at every subscribe and again every few seconds for as long as the topic is watched, so
   * it must be cheap. A throw means "cannot be told now" and changes nothing for who is in.
   */
  mayWatch(viewer: Viewer, topic: Topic): Promise<boolean>
  /**
   * The state now: `project` items for `user:` and `project:`, `session` for `session:`, `host`
   * items for `host:` and `admin`; what else `admin` shows comes as it happens. Asked after
   * `mayWatch` said yes.
   */
  snapshot(viewer: Viewer, topic: Topic): Promise<readonly TopicItem[]>
}

/** One message of a session's log, with its place in the stream. */
export interface StreamItem {
  readonly streamSeq: number
  readonly item: FeedItem
}

export interface FollowListener {
  /** In stream order, each message once, also across reconnects of the bus. */
  onItem(item: StreamItem): void
  /** Everything that was in the stream when the reading began has been given. */
  onCaughtUp(): void
  /** The stream is not the one it was (made anew): what was read has no places any more. */
  onReset(): void
}

/** Reads the log of a session, which outlives any orchestrator. */
export interface FeedSource {
  /** Follows a log from after a place, for ever; heals by itself. One NATS consumer. */
  follow(session: SessionId, afterSeq: number, listener: FollowListener): { stop(): void }
  /** One page of what the stream still has of `(after, upTo]`, oldest first. */
  page(range: FeedRange, signal: AbortSignal): Promise<FeedPage>
  /** The place of the newest message of a session, 0 when there is none. */
  tail(session: SessionId, signal: AbortSignal): Promise<number>
}

export interface FeedPage {
  readonly items: readonly StreamItem[]
  /** Where the next page goes on; `upTo` when there is none. */
  readonly readTo: number
}

export interface FeedRange {
  readonly session: SessionId
  readonly after: number
  readonly upTo: number
  readonly itemsMax: number
}

export type NoticeAddress =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'project'; readonly id: ProjectId }
  | { readonly kind: 'admin' }
  | { readonly kind: 'sockets' }

/** What orchestrators tell each other. Lossy; what it carries is state, so the next one heals. */
export interface Notifications {
  /** Resolves when notices published from now on will be heard. */
  subscribe(address: NoticeAddress, listener: (notice: Notice) => void): Promise<() => void>
  publish(address: NoticeAddress, notice: Notice): void
  /** Called when notices may have been missed: state must be read again. */
  onInterrupted(listener: () => void): () => void
}

/** Load of a session's machine: the last sample known, then every new one. */
export interface MetricSource {
  watch(session: SessionId, listener: (message: SystemMetrics) => void): () => void
}

export interface Clock {
  now(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
}

/** The part of pino that is used. */
export interface HubLogger {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
