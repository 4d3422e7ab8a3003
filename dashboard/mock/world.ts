import { randomUUID } from 'node:crypto'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { ErrorCode } from '@vessel/proto/errors'
import type { FeedBody, FeedItem } from '@vessel/proto/events/feed'
import type { ApiTokenView } from '@vessel/proto/http/account'
import type { HostView } from '@vessel/proto/http/admin'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { VersionView } from '@vessel/proto/http/projects'
import type { AdminSessionView, SessionView } from '@vessel/proto/http/session-view'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { isEnded } from '@vessel/proto/session-state'

export interface MockUser {
  id: string
  email: string
  password: string
}

/** What goes wrong for one person, for as long as it is set. */
export interface Fault {
  readonly email: string
  /** Matched against the path of the request. */
  readonly path: string
  /** Null: the request is held and never answered, which is what loading looks like. */
  readonly code: ErrorCode | null
}

/** What one person is answered instead of what the mock knows, for as long as it is set. */
export interface SetAnswer {
  readonly email: string
  /** Matched as that of a fault. */
  readonly path: string
  readonly body: unknown
}

/** Everything the mock remembers. It is gone when the mock ends. */
export interface World {
  /** Where the stand-in for VS Code is served. */
  workspacePort: number
  users: Map<string, MockUser>
  owners: Map<string, string>
  projects: Map<string, ProjectView>
  versions: Map<string, VersionView[]>
  feeds: Map<string, FeedItem[]>
  hosts: Map<string, HostView>
  /** People who look at a topic besides those who are connected. */
  guests: Map<string, { userId: string; name: string; state: string }[]>
  /** Tokens for scripts, by whose they are. */
  tokens: Map<string, ApiTokenView[]>
  /** Requests that are held or refused, by whose they are. */
  faults: Fault[]
  setAnswers: SetAnswer[]
  /** Tells the topic's watchers. */
  publish: (topic: string, items: TopicItem[]) => void
}

export const nowIso = (): string => new Date().toISOString()
/** The shapes are branded; the mock makes ids up. */
export const as = <T>(value: unknown): T => value as T

export function createWorld(workspacePort: number): World {
  return {
    workspacePort,
    guests: new Map(),
    faults: [],
    setAnswers: [],
    tokens: new Map(),
    users: new Map(),
    owners: new Map(),
    projects: new Map(),
    versions: new Map(),
    feeds: new Map(),
    hosts: new Map([makeHost('metal-1', false), makeHost('metal-2', true)]),
    publish: () => undefined,
  }
}

function makeHost(id: string, isDraining: boolean): [string, HostView] {
  const capacity = {
    cpuTotal: 32,
    cpuReserved: isDraining ? 4 : 18,
    memoryMibTotal: 131_072,
    memoryMibReserved: isDraining ? 4_096 : 57_344,
    diskMibTotal: 1_900_000,
    diskMibFree: 1_240_000,
    vmMax: 60,
  }
  const host = {
    id: as<HostView['id']>(id),
    isAlive: true,
    isDraining,
    driver: 'process',
    isIsolated: false,
    agentVersion: '0.1.0',
    lastBeatAt: nowIso(),
    sessionCount: isDraining ? 2 : 14,
    capacity,
  }
  return [id, host]
}

export function makeProject(
  name: string,
  template: ProjectView['template'],
  settings: Partial<ProjectView['settings']> = {},
): ProjectView {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return as<ProjectView>({
    id: randomUUID(),
    name,
    slug: `p-${slug}`.replace(/-+$/, '').slice(0, 34),
    template,
    revision: 1,
    createdAt: nowIso(),
    updatedAt: nowIso(),
    deletedAt: null,
    head: { savedAt: nowIso(), bytes: 4_213, entries: 7 },
    settings: {
      spec: DEFAULT_MACHINE,
      idleStopMs: null,
      countRunningCommand: false,
      ignore: [],
      environment: {},
      ...settings,
    },
    session: null,
  })
}

export function makeSession(project: ProjectView): SessionView {
  return as<SessionView>({
    id: randomUUID(),
    projectId: project.id,
    state: 'requested',
    revision: 1,
    epoch: 1,
    bootId: null,
    url: null,
    spec: project.settings.spec,
    queuePosition: null,
    createdAt: nowIso(),
    readyAt: null,
    endedAt: null,
    lastActivityAt: null,
    lastSavedAt: null,
    idleStopAt: null,
    endReason: null,
    failure: null,
  })
}

/** Changes a project and tells everyone who watches its owner. */
export function patch(world: World, id: string, change: Partial<ProjectView>): ProjectView {
  const known = world.projects.get(id)
  if (!known) throw new Error(`no project ${id}`)
  const next = { ...known, ...change, revision: known.revision + 1, updatedAt: nowIso() }
  world.projects.set(id, next)
  world.publish(`user:${world.owners.get(id)}`, [{ kind: 'project', project: next }])
  world.publish(`project:${id}`, [{ kind: 'project', project: next }])
  return next
}

/** The same as those who run the place see it. */
export const ofAdmin = (world: World, session: SessionView): AdminSessionView =>
  as({ ...session, hostId: 'metal-1', userId: world.owners.get(session.projectId) })

/** Changes a session the same way; its own topic is told too. */
export function patchSession(
  world: World,
  session: SessionView,
  change: Partial<SessionView>,
): SessionView {
  const known = world.projects.get(session.projectId)?.session
  const base = known?.id === session.id ? known : session
  const next = { ...base, ...change, revision: base.revision + 1 }
  if (change.state && isEnded(change.state)) next.endedAt = nowIso()
  patch(world, session.projectId, { session: next })
  world.publish(`session:${session.id}`, [{ kind: 'session', session: next }])
  world.publish('admin', [{ kind: 'admin-session', session: ofAdmin(world, next) }])
  return next
}

/** Adds to a session's feed, numbered as an agent numbers it. */
export function feed(world: World, session: SessionView, ...bodies: readonly FeedBody[]): void {
  const items = world.feeds.get(session.id) ?? []
  const added = bodies.map((body, index) =>
    as<FeedItem>({
      session: session.id,
      bootId: session.bootId,
      seq: items.length + 1 + index,
      at: nowIso(),
      host: 'metal-1',
      ...body,
    }),
  )
  items.push(...added)
  world.feeds.set(session.id, items)
  world.publish(`session:${session.id}`, added)
}
