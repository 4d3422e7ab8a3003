import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { formatAgo } from '../../lib/format-time.ts'

/** When the files as they are in the machine were last made safe. Null: not in this session. */
export function lastSaveOf(project: ProjectView, session: SessionView): string | null {
  const known = [session.lastSavedAt, project.head?.savedAt ?? null]
  const inSession = known.filter((at) => at !== null && at >= session.createdAt)
  return inSession.sort().at(-1) ?? null
}

export function saveWords(savedAt: string | null, nowMs: number): string {
  return savedAt === null ? 'not saved yet' : `saved ${formatAgo(savedAt, nowMs)}`
}

/** What discarding would lose, in one sentence. */
export function discardWords(savedAt: string | null, nowMs: number): string {
  return savedAt === null
    ? 'Everything you changed since you opened this project is lost.'
    : `Everything you changed since the last save, ${formatAgo(savedAt, nowMs)}, is lost.`
}
