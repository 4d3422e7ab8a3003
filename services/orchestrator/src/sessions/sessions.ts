import { randomUUID } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import { type ProjectId, sessionId, type UserId } from '@vessel/proto/ids'
import { isEnded, sessionCan } from '@vessel/proto/session-state'
import type { HostCommands } from '../placement/ports.ts'
import type { Announcer, Clock, Page, PageRequest, Sessions } from '../ports.ts'
import type { SessionOverview } from '../store/rows.ts'
import type { Tickets } from '../tickets/tickets.ts'
import { adminSessionViewOf, sessionViewOf, type ViewSettings } from '../views/session-view.ts'
import { workspaceUrl } from '../views/workspace-url.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import type { ProjectReader, SessionQuery, SessionStore } from './ports.ts'
import { previewSave } from './preview-save.ts'
import type { Reconciler } from './reconciler.ts'
import type { StatusCache } from './status-cache.ts'

export interface SessionsDeps {
  readonly store: SessionStore
  readonly projects: ProjectReader
  readonly reconciler: Pick<Reconciler, 'nudge'>
  readonly announcer: Announcer
  readonly tickets: Pick<Tickets, 'issue'>
  readonly commands: HostCommands
  readonly live: StatusCache
  readonly clock: Clock
  readonly settings: ViewSettings
}

/** Where the agent takes codes, on the workspace's own host name. */
const ENTER_PATH = '_vessel/enter'

export function createSessions(deps: SessionsDeps): Sessions {
  return {
    ...createOrders(deps),
    ...createLists(deps),
    previewSave: (userId, id) => previewSave({ userId, sessionId: id }, deps),
  }
}

type Orders = Pick<Sessions, 'boot' | 'shutdown' | 'heartbeat'>
function createOrders(deps: SessionsDeps): Orders {
  const { store, reconciler, announcer, settings } = deps
  const view = (overview: SessionOverview) => sessionViewOf(overview, settings)

  /** Someone asked for a change: it is acted on now, and told. */
  const changed = (id: SessionOverview['session']['id']) => {
    reconciler.nudge(id)
    announcer.session(id)
  }

  return {
    async boot(request) {
      const id = sessionId.parse(randomUUID())
      const session = await store.request({ id, ...request })
      if (session.id === id || session.state !== 'ready') changed(session.id)
      return view(await mustFind(store, { sessionId: session.id, userId: request.userId }))
    },

    async shutdown({ userId, projectId, isDiscard }) {
      const live = await liveOf(userId, projectId, deps)
      const hasBegun = live.session.state === 'ready' || live.session.state === 'saving'
      const ofUser = hasBegun ? ('user_exit' as const) : ('cancelled' as const)
      const wish = {
        sessionId: live.session.id,
        mode: isDiscard ? ('discard' as const) : ('save' as const),
        reason: isDiscard && hasBegun ? ('user_discard' as const) : ofUser,
      }
      if (!(await store.wantStop(wish))) throw new VesselError('SESSION_NOT_LIVE')
      changed(live.session.id)
      return view(await mustFind(store, { sessionId: live.session.id, userId }))
    },

    async heartbeat({ userId, projectId, keepAwakeMs }) {
      const live = await liveOf(userId, projectId, deps)
      const nowMs = deps.clock.now()
      const until = keepAwakeMs === undefined ? undefined : new Date(nowMs + keepAwakeMs)
      await store.touch(live.session.id, new Date(nowMs), until)
      announcer.session(live.session.id)
      return view(await mustFind(store, { sessionId: live.session.id, userId }))
    },
  }
}

type Lists = Pick<Sessions, 'latest' | 'list' | 'ticket' | 'listAll' | 'counts'>
function createLists(deps: SessionsDeps): Lists {
  const { store, settings } = deps
  const view = (overview: SessionOverview) => sessionViewOf(overview, settings)
  return {
    async latest(userId, projectId) {
      const cached = await deps.live.get(userId, projectId)
      if (cached) return cached
      const latest = await latestOf(userId, projectId, deps)
      return latest && view(latest)
    },

    async list(userId, page) {
      const { items, nextCursor } = await pageOf({ userId }, page, store)
      return { items: items.map(view), nextCursor }
    },

    async ticket({ userId, sessionId: id, visitor, port }) {
      const overview = await mustFind(store, { sessionId: id, userId })
      if (!sessionCan.open(overview.session.state)) throw new VesselError('SESSION_NOT_LIVE')
      const { code, expiresInMs } = await deps.tickets.issue(overview, visitor)
      const url = new URL(ENTER_PATH, workspaceUrl(settings.workspaceBaseUrl, overview.slug, port))
      url.searchParams.set('code', code)
      return { url: url.href, expiresInMs }
    },

    async listAll(page) {
      const { items, nextCursor } = await pageOf({ isLive: true }, page, store)
      return { items: items.map((one) => adminSessionViewOf(one, settings)), nextCursor }
    },

    counts: () => store.counts(),
  }
}

type Who = Required<Pick<SessionQuery, 'sessionId' | 'userId'>>

async function mustFind(store: SessionStore, who: Who): Promise<SessionOverview> {
  const [overview] = await store.page({ ...who, limit: 1 })
  if (!overview) throw new VesselError('SESSION_NOT_FOUND')
  return overview
}

async function latestOf(
  userId: UserId,
  projectId: ProjectId,
  deps: SessionsDeps,
): Promise<SessionOverview | null> {
  const overview = await deps.projects.overview(userId, projectId)
  if (!overview) throw new VesselError('PROJECT_NOT_FOUND')
  const { project, session, queuePosition } = overview
  return session && { session, slug: project.slug, idleStopMs: project.idleStopMs, queuePosition }
}

async function liveOf(
  userId: UserId,
  projectId: ProjectId,
  deps: SessionsDeps,
): Promise<SessionOverview> {
  const latest = await latestOf(userId, projectId, deps)
  if (!latest || isEnded(latest.session.state)) throw new VesselError('SESSION_NOT_LIVE')
  return latest
}

async function pageOf(
  query: Omit<SessionQuery, 'limit' | 'before'>,
  { limit, cursor }: PageRequest,
  store: SessionStore,
): Promise<Page<SessionOverview>> {
  const before = cursor === undefined ? {} : { before: parseCursor(cursor) }
  // One more than asked for tells whether there is a next page.
  const found = await store.page({ ...query, ...before, limit: limit + 1 })
  const items = found.slice(0, limit)
  const last = items.at(-1)?.session
  const hasMore = found.length > limit && last !== undefined
  return { items, nextCursor: hasMore ? formatCursor(last.createdAt, last.id) : null }
}
