import type { ArchiveSource } from '@vessel/proto/archive'
import type { TicketKey } from '@vessel/proto/commands/start'
import type { BootId, HostId, ProjectId, SessionId, UserId } from '@vessel/proto/ids'
import type { EndReason } from '@vessel/proto/reasons'
import type { SessionState } from '@vessel/proto/session-state'
import type {
  Project,
  ProjectHead,
  ProjectOverview,
  Session,
  SessionFailure,
  SessionOverview,
} from '../store/rows.ts'
import type { HostPresence } from './presence.ts'

/** What the life of a session needs of the world. Nothing beside this knows who provides it. */

export interface NewSession {
  readonly id: SessionId
  readonly projectId: ProjectId
  readonly userId: UserId
  readonly traceparent: string
}

/** One edge of the state machine, taken only if the session still is where it was seen. */
export interface Move {
  readonly session: Session
  readonly to: SessionState
  readonly bootId?: BootId
  readonly ip?: string
  readonly endReason?: EndReason
  readonly failure?: SessionFailure
}

export interface StopWish {
  readonly sessionId: SessionId
  readonly mode: 'save' | 'discard'
  readonly reason: EndReason
}

export interface SessionQuery {
  readonly userId?: UserId
  readonly sessionId?: SessionId
  readonly isLive?: boolean
  readonly before?: { readonly at: string; readonly id: string }
  readonly limit: number
}

/** The truth about sessions. `null`: somebody else was first, or it is not there. */
export interface SessionStore {
  /** The live session of the project, or a new one under the id given. */
  request(session: NewSession): Promise<Session>
  move(move: Move): Promise<Session | null>
  /** Gives a placing session to a host under a new epoch; null while an older run may live. */
  place(sessionId: SessionId, host: HostId): Promise<Session | null>
  claim(sessionId: SessionId): Promise<Session | null>
  claimDue(limit: number): Promise<readonly Session[]>
  /** A turn that takes longer than a claim lasts goes on holding it. */
  keepClaim(sessionId: SessionId): Promise<void>
  unclaim(sessionId: SessionId, wakeInMs: number): Promise<void>
  wantStop(wish: StopWish): Promise<Session | null>
  touch(sessionId: SessionId, activityAt: Date, keepAwakeUntil?: Date): Promise<void>
  /** Null as what it waits for: the same as the first of the queue. */
  queue(sessionId: SessionId, waitsFor: Session['waitsFor']): Promise<Session | null>
  /** How many wait before this one. */
  queueAhead(sessionId: SessionId): Promise<number>
  /** The host runs nothing of this epoch, as it said itself. */
  releaseLease(session: Session): Promise<void>
  isLeaseOver(session: Session): Promise<boolean>
  noteBoot(session: Session, bootId: BootId): Promise<void>
  noteSaved(sessionId: SessionId, epoch: number): Promise<void>
  overview(sessionId: SessionId): Promise<SessionOverview | null>
  page(query: SessionQuery): Promise<readonly SessionOverview[]>
  counts(): Promise<Record<string, number>>
}

export interface ProjectReader {
  /** Null when it is not this user's, or deleted. */
  overview(userId: UserId, projectId: ProjectId): Promise<ProjectOverview | null>
  get(projectId: ProjectId): Promise<Project | null>
  /** Opens the repository the project comes from, where it is private. */
  gitToken(projectId: ProjectId): Promise<string | null>
}

export interface ArchiveLinks {
  /** A link for a host to fetch a head with. */
  source(head: ProjectHead): Promise<ArchiveSource>
}

export interface HostPresences {
  of(host: HostId, sessionId: SessionId): HostPresence
}

export interface TicketKeys {
  readonly publicKeys: readonly TicketKey[]
}
