import type { SavePreview } from '@vessel/proto/guest/api'
import type { HostView } from '@vessel/proto/http/admin'
import type { AdminSessionView, SessionView } from '@vessel/proto/http/session-view'
import type { HostId, ProjectId, SessionId, UserId, VisitorId } from '@vessel/proto/ids'

/** The part of pino that is used. */
export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface Clock {
  now(): number
}

/** Whom a valid token speaks for. */
export interface Principal {
  readonly userId: UserId
  readonly name: string
  readonly isAdmin: boolean
  /** A program with a token of its own, not a person who logged in. */
  readonly isScript: boolean
  /** Which login of theirs, where the token says. */
  readonly loginId: string | null
  /** The login, or the token of a script: what a ticket is made for. */
  readonly visitor: VisitorId | null
  readonly expiresAtMs: number
}

export interface TokenVerifier {
  /** Throws UNAUTHENTICATED, TOKEN_EXPIRED, or AUTH_DOWN when no key was ever had. */
  verify(token: string): Promise<Principal>
}

/** A page of a list: ask for the next with its cursor. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}
export interface PageRequest {
  readonly limit: number
  readonly cursor: string | undefined
}

export interface BootRequest {
  readonly userId: UserId
  readonly projectId: ProjectId
  readonly traceparent: string
}
export interface ShutdownRequest {
  readonly userId: UserId
  readonly projectId: ProjectId
  readonly isDiscard: boolean
}
export interface HeartbeatRequest {
  readonly userId: UserId
  readonly projectId: ProjectId
  readonly keepAwakeMs: number | undefined
}
export interface TicketRequest {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly visitor: VisitorId | null
  readonly port: number | undefined
}

/** What people may do with sessions. Every call checks that the project is the caller's. */
export interface Sessions {
  /** The live session, or a new one; answers before any machine does. */
  boot(request: BootRequest): Promise<SessionView>
  /** SESSION_NOT_LIVE when nothing runs. */
  shutdown(request: ShutdownRequest): Promise<SessionView>
  heartbeat(request: HeartbeatRequest): Promise<SessionView>
  /** The live or last session of a project; PROJECT_NOT_FOUND when it is not the caller's. */
  latest(userId: UserId, projectId: ProjectId): Promise<SessionView | null>
  list(userId: UserId, page: PageRequest): Promise<Page<SessionView>>
  /** A one-time address into the workspace. */
  ticket(request: TicketRequest): Promise<{ url: string; expiresInMs: number }>
  /** What a save would hold now. SESSION_NOT_LIVE unless it is ready. */
  previewSave(userId: UserId, sessionId: SessionId): Promise<SavePreview>
  listAll(page: PageRequest): Promise<Page<AdminSessionView>>
  /** Live sessions by state. */
  counts(): Promise<Record<string, number>>
}

/** The hosts that beat, as an administrator sees them. */
export interface Hosts {
  list(): readonly HostView[]
  /** HOST_NOT_FOUND, or HOST_UNREACHABLE when it does not answer. */
  drain(host: HostId, by: UserId): Promise<HostView['isDraining']>
  resume(host: HostId, by: UserId): Promise<HostView['isDraining']>
}

/** Tells everyone who watches that something changed: the state, read anew. */
export interface Announcer {
  /** A session changed: its project's view has changed with it. */
  session(sessionId: SessionId): void
  project(project: { readonly userId: UserId; readonly projectId: ProjectId }): void
  projectRemoved(project: { readonly userId: UserId; readonly projectId: ProjectId }): void
}

/** What `/readyz` asks; the name of each that does not work is in the answer. */
export interface Readiness {
  check(): Promise<readonly string[]>
}
