import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '@vessel/proto/errors'
import { VesselError } from '@vessel/proto/errors'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { flood } from './flood.ts'
import { type Answer, revoked } from './go-true.ts'
import {
  as,
  feed,
  type MockUser,
  makeProject,
  makeSession,
  patch,
  patchSession,
  type World,
} from './world.ts'

/** What the levers move. */
export interface Levers {
  readonly world: World
  /** Ends every live connection. */
  readonly cut: () => void
  readonly endLogin: (userId: string) => void
  isDown: boolean
  isDeaf: boolean
}

type Body = Readonly<Record<string, unknown>>
type Lever = (levers: Levers, query: URLSearchParams, body: Body) => unknown

function userNamed(world: World, email: string | null): MockUser {
  const known = world.users.get(email ?? '')
  if (known) return known
  if (!email) throw new VesselError('VALIDATION')
  const user = { id: randomUUID(), email, password: 'vessel-demo' }
  world.users.set(email, user)
  return user
}

function projectOf(world: World, query: URLSearchParams): ProjectView {
  const project = world.projects.get(query.get('project') ?? '')
  if (!project) throw new VesselError('PROJECT_NOT_FOUND')
  return project
}

function sessionOf(world: World, query: URLSearchParams): SessionView {
  const { session } = projectOf(world, query)
  if (!session) throw new VesselError('SESSION_NOT_FOUND')
  return session
}

/** Adds a project as it is described, and its session when one is. */
const addProject: Lever = ({ world }, query, body) => {
  const user = userNamed(world, query.get('email'))
  const { name, template, session, ...rest } = body as Partial<ProjectView>
  const made: ProjectView = { ...makeProject(name ?? 'Project', template ?? 'node'), ...rest }
  const booted = { ...makeSession(made), bootId: as<SessionView['bootId']>(randomUUID()) }
  const run = session ? { ...booted, ...session } : null
  world.projects.set(made.id, { ...made, session: run })
  world.owners.set(made.id, user.id)
  world.versions.set(made.id, [])
  return { id: made.id, session: run?.id ?? null }
}

/** One change of state for each project of a user, all in the same turn. */
const stirAll: Lever = ({ world }, query) => {
  const { id } = userNamed(world, query.get('email'))
  const own = [...world.projects.values()].filter((project) => world.owners.get(project.id) === id)
  const at = new Date().toISOString()
  for (const project of own) {
    const head = { savedAt: at, bytes: (project.head?.bytes ?? 0) + 1_000_000, entries: 40 }
    patch(world, project.id, { head })
  }
  return { stirred: own.length }
}

const LEVERS: Readonly<Record<string, Lever>> = {
  down: (levers) => {
    levers.isDown = true
    levers.cut()
  },
  up: (levers) => {
    levers.isDown = false
  },
  cut: ({ cut }) => cut(),
  /** The API answers, but no live connection can be made: what some proxies do. */
  deaf: (levers) => {
    levers.isDeaf = true
    levers.cut()
  },
  hear: (levers) => {
    levers.isDeaf = false
  },
  expire: ({ world, endLogin }, query) => {
    const { id } = userNamed(world, query.get('email'))
    revoked.add(id)
    endLogin(id)
  },
  user: ({ world }, query) => userNamed(world, query.get('email')),
  project: addProject,
  stir: stirAll,
  versions: ({ world }, query, body) =>
    world.versions.set(projectOf(world, query).id, as(body.items)),
  patch: ({ world }, query, body) => patch(world, projectOf(world, query).id, body),
  session: ({ world }, query, body) => patchSession(world, sessionOf(world, query), body),
  feed: ({ world }, query, body) =>
    feed(world, sessionOf(world, query), ...as<FeedBody[]>(body.items)),
  metrics: ({ world }, query, body) => {
    const { id } = sessionOf(world, query)
    const samples = as<SystemMetrics[]>(body.samples)
    const items = samples.map((message) => ({ kind: 'metric' as const, session: id, message }))
    world.publish(`session:${id}`, items)
  },
  guests: ({ world }, query, body) =>
    world.guests.set(`project:${projectOf(world, query).id}`, as(body.members)),
  flood: ({ world }, query) =>
    flood(world, sessionOf(world, query), {
      linesPerSecond: Number(query.get('rate') ?? 1_000),
      lines: Number(query.get('lines') ?? 3_000),
      from: Number(query.get('from') ?? 0),
    }),
  /** Holds (no `code`) or refuses what one user asks for under a path. */
  fault: ({ world }, query) => {
    const email = query.get('email') ?? ''
    const code = query.get('code') as ErrorCode | null
    world.faults.push({ email, path: query.get('path') ?? '/', code })
  },
  /** Answers one user with the body, whatever the mock knows. */
  answer: ({ world }, query, body) => {
    const email = query.get('email') ?? ''
    world.setAnswers.push({ email, path: query.get('path') ?? '/', body })
  },
  mend: ({ world }, query) => {
    const isOfOthers = ({ email }: { email: string }) => email !== query.get('email')
    world.faults = world.faults.filter(isOfOthers)
    world.setAnswers = world.setAnswers.filter(isOfOthers)
  },
}

/** Levers for looking at rare states, by name: `/mock/<name>?…`, with a JSON body where needed. */
export function pullLever(levers: Levers, url: URL, body: Body): Answer {
  const name = url.pathname.slice('/mock/'.length)
  const lever = LEVERS[name]
  if (!lever) throw new VesselError('NOT_FOUND')
  return { status: 200, body: lever(levers, url.searchParams, body) ?? { done: name } }
}
