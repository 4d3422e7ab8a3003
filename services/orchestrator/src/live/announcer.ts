import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { ProjectId, SessionId, UserId } from '@vessel/proto/ids'
import type { Notifications } from '../hub/ports.ts'
import type { Announcer, Log } from '../ports.ts'
import type { ProjectReader, SessionStore } from '../sessions/ports.ts'
import type { StatusCache } from '../sessions/status-cache.ts'
import { projectViewOf } from '../views/project-view.ts'
import { adminSessionViewOf, sessionViewOf, type ViewSettings } from '../views/session-view.ts'

export interface AnnouncerDeps {
  readonly store: Pick<SessionStore, 'overview'>
  readonly projects: Pick<ProjectReader, 'overview'>
  readonly notifications: Pick<Notifications, 'publish'>
  readonly live: StatusCache
  readonly settings: ViewSettings
  readonly log: Log
}

/** Things being read at once; beyond it the newest wait, and are told when their turn comes. */
const READS_AT_ONCE = 8

/**
 * Tells watchers what is, read after the change. Changes that come together are told once; a lost
 * word is healed by the next, or by the snapshot of whoever reconnects.
 */
export function createAnnouncer(deps: AnnouncerDeps): Announcer & { settle(): Promise<void> } {
  const waiting = new Map<string, () => Promise<void>>()
  /** One at a time of each, so that an older reading never comes after a newer one. */
  const working = new Map<string, Promise<void>>()

  const work = () => {
    for (const [key, tell] of waiting) {
      if (working.size >= READS_AT_ONCE) return
      if (working.has(key)) continue
      waiting.delete(key)
      const told = tell()
        .catch((err) => deps.log.warn({ key, err }, 'change not announced'))
        .finally(() => {
          working.delete(key)
          work()
        })
      working.set(key, told)
    }
  }
  const later = (key: string, tell: () => Promise<void>) => {
    waiting.set(key, tell)
    // Not at once: the changes of one turn come together.
    setImmediate(work)
  }

  return {
    session: (sessionId) => later(`session:${sessionId}`, () => tellSession(sessionId, deps)),
    project: ({ userId, projectId }) =>
      later(`project:${projectId}`, () => tellProject(userId, projectId, deps)),
    projectRemoved({ userId, projectId }) {
      const items: TopicItem[] = [{ kind: 'project-removed', projectId }]
      deps.notifications.publish({ kind: 'user', id: userId }, { kind: 'items', items })
      deps.notifications.publish({ kind: 'project', id: projectId }, { kind: 'items', items })
      void deps.live.drop(projectId)
    },
    async settle() {
      while (waiting.size > 0 || working.size > 0) {
        work()
        await Promise.allSettled(working.values())
      }
    },
  }
}

async function tellSession(sessionId: SessionId, deps: AnnouncerDeps): Promise<void> {
  const overview = await deps.store.overview(sessionId)
  if (!overview) return
  const { userId, projectId } = overview.session
  const session = sessionViewOf(overview, deps.settings)
  const project = await deps.projects.overview(userId, projectId)
  const items: TopicItem[] = [{ kind: 'session', session }]
  // An older run must not take the place of the project's present one.
  if (!project?.session || project.session.id === sessionId) await deps.live.put(userId, session)
  if (project) {
    const view = projectViewOf(project, deps.settings)
    items.push({ kind: 'project', project: view })
    const ofUser: TopicItem[] = [{ kind: 'project', project: view }]
    deps.notifications.publish({ kind: 'user', id: userId }, { kind: 'items', items: ofUser })
  }
  deps.notifications.publish({ kind: 'project', id: projectId }, { kind: 'items', items })
  const ofAdmin: TopicItem = {
    kind: 'admin-session',
    session: adminSessionViewOf(overview, deps.settings),
  }
  deps.notifications.publish({ kind: 'admin' }, { kind: 'items', items: [ofAdmin] })
}

async function tellProject(
  userId: UserId,
  projectId: ProjectId,
  deps: AnnouncerDeps,
): Promise<void> {
  const overview = await deps.projects.overview(userId, projectId)
  if (!overview) return
  const items: TopicItem[] = [{ kind: 'project', project: projectViewOf(overview, deps.settings) }]
  deps.notifications.publish({ kind: 'user', id: userId }, { kind: 'items', items })
  deps.notifications.publish({ kind: 'project', id: projectId }, { kind: 'items', items })
}
