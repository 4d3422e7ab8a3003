import type { SessionView } from '@vessel/proto/http/session-view'
import type { ProjectId, UserId } from '@vessel/proto/ids'

/** The live sessions, for pages that poll. Absence means nothing: the database is asked then. */
export interface StatusCache {
  put(owner: UserId, view: SessionView): Promise<void>
  get(owner: UserId, projectId: ProjectId): Promise<SessionView | null>
  drop(projectId: ProjectId): Promise<void>
}
