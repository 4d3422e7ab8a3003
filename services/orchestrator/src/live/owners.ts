import type { ProjectId, SessionId, UserId } from '@vessel/proto/ids'
import type { ProjectReader, SessionStore } from '../sessions/ports.ts'

export interface Owners {
  ofProject(projectId: ProjectId): Promise<UserId | null>
  ofSession(sessionId: SessionId): Promise<UserId | null>
}

/** Each entry is some hundred bytes. */
const ENTRIES_MAX = 50_000

/**
 * Whose a thing is never changes, so it is asked once: the hub asks every few seconds for every
 * topic that is watched. What is not there is asked again each time.
 */
export function createOwners(deps: {
  store: Pick<SessionStore, 'overview'>
  projects: Pick<ProjectReader, 'get'>
}): Owners {
  const known = new Map<string, UserId>()
  const remember = (id: string, owner: UserId | null) => {
    if (owner === null) return null
    const [oldest] = known.keys()
    if (known.size >= ENTRIES_MAX && oldest !== undefined) known.delete(oldest)
    known.set(id, owner)
    return owner
  }
  return {
    async ofProject(projectId) {
      const owner = known.get(projectId)
      return owner ?? remember(projectId, (await deps.projects.get(projectId))?.userId ?? null)
    },
    async ofSession(sessionId) {
      const owner = known.get(sessionId)
      if (owner) return owner
      const overview = await deps.store.overview(sessionId)
      return remember(sessionId, overview?.session.userId ?? null)
    },
  }
}
