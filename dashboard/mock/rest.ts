import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import type { SavePreview } from '@vessel/proto/guest/api'
import { createProjectBody, patchProjectBody } from '@vessel/proto/http/projects'
import { parseValue } from '@vessel/proto/parse'
import { isEnded } from '@vessel/proto/session-state'
import { ACCOUNT_HANDLERS } from './account.ts'
import { boot, shutDown } from './boot-script.ts'
import type { Answer } from './go-true.ts'
import {
  as,
  type MockUser,
  makeProject,
  makeSession,
  nowIso,
  ofAdmin,
  patch,
  patchSession,
  type World,
} from './world.ts'

export interface RestRequest {
  readonly method: string
  readonly url: URL
  readonly body: Record<string, unknown>
  readonly user: MockUser
}

export function problemAnswer(error: unknown): Answer {
  const { code, message, issues } = VesselError.from(error)
  const { status, title } = ERRORS[code as ErrorCode]
  return { status, body: { type: 'about:blank', title, status, code, detail: message, issues } }
}

export type Handler = (world: World, request: RestRequest, ids: string[]) => Answer

const ok = (body: unknown, status = 200): Answer => ({ status, body })

function ownProject(world: World, request: RestRequest, id: string | undefined) {
  const project = world.projects.get(id ?? '')
  if (!project || world.owners.get(project.id) !== request.user.id) {
    throw new VesselError('PROJECT_NOT_FOUND')
  }
  return project
}

function listProjects(world: World, { user, url }: RestRequest): Answer {
  const own = [...world.projects.values()].filter(({ id }) => world.owners.get(id) === user.id)
  const isDeleted = url.searchParams.get('deleted') === 'only'
  const items = own.filter((project) => (project.deletedAt !== null) === isDeleted)
  return ok({ items, nextCursor: null })
}

/** One entry for each change of state that its session can have seen, and one for its making. */
function activity(world: World, request: RestRequest, [id]: string[]): Answer {
  const project = ownProject(world, request, id)
  const base = { projectId: project.id, sessionId: null, details: {} }
  const entry = (at: string | null, what: { id: number; action: string; details?: object }) =>
    at === null ? [] : [{ ...base, at, ...what }]
  const { session } = project
  const endedAs = session && isEnded(session.state) ? session.state : 'saving'
  const reason = session?.endReason ?? ''
  const items = [
    ...entry(session?.endedAt ?? null, {
      id: 5,
      action: `session.${endedAs}`,
      details: { reason },
    }),
    ...entry(session?.readyAt ?? null, { id: 4, action: 'session.ready' }),
    ...entry(session?.createdAt ?? null, { id: 3, action: 'session.requested' }),
    ...entry(project.head?.savedAt ?? null, {
      id: 2,
      action: 'project.renamed',
      details: { name: project.name },
    }),
    ...entry(project.createdAt, { id: 1, action: 'project.created' }),
  ]
  return ok({ items, nextBefore: null })
}

function addProject(
  world: World,
  request: RestRequest,
  { name, template }: { name: string; template: string },
): Answer {
  const taken = [...world.projects.values()].some(
    (project) => world.owners.get(project.id) === request.user.id && project.name === name,
  )
  if (taken) throw new VesselError('NAME_TAKEN')
  const project = makeProject(name, as(template))
  world.projects.set(project.id, project)
  world.owners.set(project.id, request.user.id)
  world.versions.set(project.id, makeVersions())
  return ok(patch(world, project.id, {}), 201)
}

function makeVersions() {
  const kinds = ['head', 'earlier', 'recovery', 'earlier'] as const
  return kinds.map((kind, index) => ({
    id: crypto.randomUUID(),
    kind,
    savedAt: new Date(Date.now() - index * 5_400_000).toISOString(),
    bytes: 4_213 + index * 911,
    entries: 7 + index,
    format: 'zip',
    isCheckpoint: index === 1,
  }))
}

function startBoot(world: World, request: RestRequest): Answer {
  const project = ownProject(world, request, String(request.body.projectId))
  const live = project.session
  if (live && !isEnded(live.state)) {
    return live.state === 'ready'
      ? ok({ status: 'active', url: live.url, session: live })
      : ok({ status: 'processing', jobId: live.id, session: live }, 202)
  }
  if (project.name.toLowerCase().includes('limit')) throw new VesselError('LIMIT_SESSIONS')
  const session = makeSession(project)
  patch(world, project.id, { session })
  void boot(world, project, session)
  return ok({ status: 'processing', jobId: session.id, session }, 202)
}

function shutdown(world: World, request: RestRequest): Answer {
  const project = ownProject(world, request, String(request.body.projectId))
  const { session } = project
  if (!session || isEnded(session.state)) throw new VesselError('SESSION_NOT_LIVE')
  void shutDown(world, session, { discard: request.body.discard === true })
  return ok({ status: 'processing', session: world.projects.get(project.id)?.session }, 202)
}

function ticket(world: World, request: RestRequest, [id]: string[]): Answer {
  const project = [...world.projects.values()].find(({ session }) => session?.id === id)
  if (!project) throw new VesselError('SESSION_NOT_FOUND')
  const url = `http://${project.slug}.localhost:${world.workspacePort}/_vessel/enter?code=mock`
  return ok({ url, expiresInMs: 60_000, user: request.user.id })
}

function status(world: World, request: RestRequest, [id]: string[]): Answer {
  const { session } = ownProject(world, request, id)
  return ok({ status: session?.state === 'ready' ? 'active' : 'processing', session })
}

/** A sign of life moves the end by the idle time, or as far as was asked for. */
function heartbeat(world: World, request: RestRequest): Answer {
  const { session } = ownProject(world, request, String(request.body.projectId))
  if (!session) throw new VesselError('SESSION_NOT_LIVE')
  const forMs = Number(request.body.keepAwakeMs ?? 30 * 60_000)
  const idleStopAt = new Date(Date.now() + forMs).toISOString()
  return ok({ session: patchSession(world, session, { idleStopAt, lastActivityAt: nowIso() }) })
}

function drain(world: World, id: string | undefined, isDraining: boolean): Answer {
  const host = world.hosts.get(id ?? '')
  if (!host) throw new VesselError('HOST_NOT_FOUND')
  const next = { ...host, isDraining }
  world.hosts.set(host.id, next)
  world.publish('admin', [{ kind: 'host', host: next }])
  return ok({ hostId: host.id, isDraining }, isDraining ? 202 : 200)
}

function adminSessions(world: World): Answer {
  const items = [...world.projects.values()].flatMap(({ session }) =>
    session && !isEnded(session.state) ? [ofAdmin(world, session)] : [],
  )
  return ok({ items, nextCursor: null })
}

function adminStats(world: World): Answer {
  const sessions: Record<string, number> = {}
  for (const { session } of world.projects.values()) {
    if (session && !isEnded(session.state)) {
      sessions[session.state] = (sessions[session.state] ?? 0) + 1
    }
  }
  return ok({ hosts: world.hosts.size, sessions, sockets: 31 })
}

const PREVIEW: SavePreview = {
  files: 214,
  unpackedBytes: 9_412_000,
  leftOut: ['.cache/', 'dist/', 'node_modules/', 'coverage/', 'a.log', 'b.log'],
  leftOutCount: 6,
  leftOutSize: { bytes: 340_000_000, isMore: false },
}

const HANDLERS: readonly (readonly [method: string, path: RegExp, run: Handler])[] = [
  ['GET', /^\/api\/projects$/, listProjects],
  [
    'POST',
    /^\/api\/projects$/,
    (world, request) => {
      const { name, template, git } = parseValue(createProjectBody, request.body)
      return addProject(world, request, { name, template: git ? 'git' : template })
    },
  ],
  [
    'POST',
    /^\/api\/import$/,
    (world, request) =>
      addProject(world, request, {
        name: request.url.searchParams.get('name') ?? 'imported',
        template: 'import',
      }),
  ],
  [
    'GET',
    /^\/api\/projects\/([^/]+)$/,
    (world, request, [id]) => ok(ownProject(world, request, id)),
  ],
  [
    'PATCH',
    /^\/api\/projects\/([^/]+)$/,
    (world, request, [id]) => {
      const project = ownProject(world, request, id)
      const { name, settings } = parseValue(patchProjectBody, request.body)
      return ok(
        patch(world, project.id, {
          name: name ?? project.name,
          settings: { ...project.settings, ...as<typeof project.settings>(settings ?? {}) },
        }),
      )
    },
  ],
  [
    'DELETE',
    /^\/api\/projects\/([^/]+)$/,
    (world, request, [id]) => {
      patch(world, ownProject(world, request, id).id, { deletedAt: nowIso() })
      return ok({ purgeAt: nowIso() })
    },
  ],
  [
    'POST',
    /^\/api\/projects\/([^/]+)\/undelete$/,
    (world, request, [id]) =>
      ok(patch(world, ownProject(world, request, id).id, { deletedAt: null })),
  ],
  [
    'GET',
    /^\/api\/projects\/([^/]+)\/versions$/,
    (world, request, [id]) =>
      ok({ items: world.versions.get(ownProject(world, request, id).id) ?? [] }),
  ],
  ['GET', /^\/api\/projects\/([^/]+)\/activity$/, activity],
  [
    'POST',
    /^\/api\/projects\/([^/]+)\/versions\/([^/]+)\/restore$/,
    (world, request, [id]) => ok(patch(world, ownProject(world, request, id).id, {})),
  ],
  [
    'GET',
    /^\/api\/projects\/([^/]+)(\/versions\/[^/]+)?\/download$/,
    () => ok({ url: 'http://localhost:4100/mock/archive.zip', expiresInMs: 60_000 }),
  ],
  ['POST', /^\/api\/boot$/, startBoot],
  ['POST', /^\/api\/shutdown$/, shutdown],
  ['POST', /^\/api\/heartbeat$/, heartbeat],
  ['GET', /^\/api\/status\/([^/]+)$/, status],
  [
    'GET',
    /^\/api\/sessions$/,
    (world) => {
      const found = [...world.projects.values()].flatMap(({ session }) => session ?? [])
      return ok({ items: found, nextCursor: null })
    },
  ],
  ['POST', /^\/api\/sessions\/([^/]+)\/ticket$/, ticket],
  ['GET', /^\/api\/sessions\/([^/]+)\/preview$/, () => ok(PREVIEW)],
  ...ACCOUNT_HANDLERS,
  ['GET', /^\/api\/admin\/hosts$/, (world) => ok({ items: [...world.hosts.values()] })],
  ['GET', /^\/api\/admin\/sessions$/, adminSessions],
  ['GET', /^\/api\/admin\/stats$/, adminStats],
  ['POST', /^\/api\/admin\/hosts\/([^/]+)\/drain$/, (world, _r, [id]) => drain(world, id, true)],
  ['POST', /^\/api\/admin\/hosts\/([^/]+)\/resume$/, (world, _r, [id]) => drain(world, id, false)],
]

/** The REST contract, answered from memory. */
export async function rest(world: World, request: RestRequest): Promise<Answer> {
  const isMeant = ({ email, path }: { email: string; path: string }) =>
    email === request.user.email && request.url.pathname.includes(path)
  const fault = world.faults.find(isMeant)
  if (fault?.code === null) return new Promise<never>(() => undefined)
  const set = world.setAnswers.find(isMeant)
  try {
    if (fault?.code) throw new VesselError(fault.code)
    if (set) return ok(set.body)
    for (const [method, path, run] of HANDLERS) {
      const match = method === request.method ? path.exec(request.url.pathname) : null
      if (match) return run(world, request, match.slice(1))
    }
    throw new VesselError('NOT_FOUND')
  } catch (error) {
    return problemAnswer(error)
  }
}
