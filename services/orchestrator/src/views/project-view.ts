import type { ProjectView } from '@vessel/proto/http/project-view'
import type { ProjectOverview } from '../store/rows.ts'
import { sessionViewOf, type ViewSettings } from './session-view.ts'

/** A project as its owner sees it, with its live or last session. */
export function projectViewOf(overview: ProjectOverview, settings: ViewSettings): ProjectView {
  const { project, session, queuePosition } = overview
  const { slug, idleStopMs } = project
  return {
    id: project.id,
    name: project.name,
    slug,
    template: project.origin,
    git: project.git,
    revision: project.revision,
    createdAt: project.createdAt,
    updatedAt: project.updatedAt,
    deletedAt: project.deletedAt,
    head: project.head && {
      savedAt: project.head.savedAt,
      bytes: project.head.bytes,
      entries: project.head.entries,
    },
    settings: {
      spec: project.spec,
      idleStopMs,
      countRunningCommand: project.countRunningCommand,
      ignore: project.ignore,
      environment: project.environment,
    },
    session: session && sessionViewOf({ session, slug, idleStopMs, queuePosition }, settings),
  }
}
