import type { AdminSessionView, SessionView } from '@vessel/proto/http/session-view'
import type { SessionOverview } from '../store/rows.ts'
import { workspaceUrl } from './workspace-url.ts'

export interface ViewSettings {
  readonly workspaceBaseUrl: string
  /** For projects that set no time of their own. */
  readonly idleStopMs: number
}

/** When a session stops for idleness if nothing happens any more. */
export function idleStopAt(overview: SessionOverview, defaultMs: number): Date | null {
  const { session } = overview
  if (session.state !== 'ready' || !session.lastActivityAt) return null
  const byIdleness = Date.parse(session.lastActivityAt) + (overview.idleStopMs ?? defaultMs)
  const keptAwake = session.keepAwakeUntil ? Date.parse(session.keepAwakeUntil) : 0
  return new Date(Math.max(byIdleness, keptAwake))
}

/** A session as its owner sees it. */
export function sessionViewOf(overview: SessionOverview, settings: ViewSettings): SessionView {
  const { session } = overview
  const isReady = session.state === 'ready'
  return {
    id: session.id,
    projectId: session.projectId,
    state: session.state,
    revision: session.revision,
    epoch: session.epoch,
    bootId: session.bootId,
    url: isReady ? workspaceUrl(settings.workspaceBaseUrl, overview.slug) : null,
    spec: session.spec,
    queuePosition: overview.queuePosition,
    waitsFor: session.queuedAt ? session.waitsFor : null,
    createdAt: session.createdAt,
    readyAt: session.readyAt,
    endedAt: session.endedAt,
    lastActivityAt: session.lastActivityAt,
    lastSavedAt: session.lastSavedAt,
    idleStopAt: idleStopAt(overview, settings.idleStopMs)?.toISOString() ?? null,
    endReason: session.endReason,
    failure: session.failure,
  }
}

/** The same as those who run the place see it. */
export function adminSessionViewOf(
  overview: SessionOverview,
  settings: ViewSettings,
): AdminSessionView {
  const { hostId, userId } = overview.session
  return { ...sessionViewOf(overview, settings), hostId, userId }
}
