import { randomUUID } from 'node:crypto'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { as, makeProject, makeSession, type World } from './world.ts'

const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString()

interface Sample {
  readonly name: string
  readonly template: ProjectView['template']
  readonly minutes: number
  readonly bytes: number
  readonly session?: Partial<SessionView>
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'Storefront API',
    template: 'node',
    minutes: 2,
    bytes: 18_400_000,
    session: { state: 'ready', url: 'http://p-storefront-api.localhost:4180' },
  },
  {
    name: 'Landing page',
    template: 'react',
    minutes: 38,
    bytes: 2_310_000,
    session: stopped('idle'),
  },
  {
    name: 'Forecast notebook (slow)',
    template: 'python',
    minutes: 190,
    bytes: 640_000,
    session: { state: 'starting' },
  },
  {
    name: 'Docs site',
    template: 'static',
    minutes: 1_500,
    bytes: 92_000,
    session: stopped('user_exit'),
  },
  {
    name: 'Payments worker (fail)',
    template: 'node',
    minutes: 2_900,
    bytes: 5_120_000,
    session: {
      state: 'failed',
      endReason: 'start_failed',
      failure: {
        code: 'IDE_FAILED',
        message: 'the IDE exited with code 1',
        stage: 'ide',
        isRetryable: true,
      },
    },
  },
  { name: 'Old thesis', template: 'import', minutes: 40_000, bytes: 311_000_000 },
  { name: 'Queue demo', template: 'blank', minutes: 52_000, bytes: 1_200 },
]

function stopped(endReason: SessionView['endReason']): Partial<SessionView> {
  return { state: 'stopped', endReason, endedAt: minutesAgo(38) }
}

/** Someone with projects in every state: `ada@example.com`, `vessel-demo`. */
export function seed(world: World): void {
  for (const email of ['ada@example.com', 'admin@example.com']) {
    const id = randomUUID()
    world.users.set(email, { id, email, password: 'vessel-demo' })
    for (const sample of SAMPLES) addSample(world, id, sample)
  }
  world.users.set('new@example.com', {
    id: randomUUID(),
    email: 'new@example.com',
    password: 'vessel-demo',
  })
}

function addSample(world: World, owner: string, sample: Sample): void {
  const made = makeProject(sample.name, sample.template)
  const savedAt = minutesAgo(sample.minutes)
  const project: ProjectView = {
    ...made,
    createdAt: savedAt,
    updatedAt: savedAt,
    head: { savedAt, bytes: sample.bytes, entries: 40 },
  }
  const session = sample.session
    ? {
        ...makeSession(project),
        bootId: as<never>(randomUUID()),
        createdAt: minutesAgo(sample.minutes + 70),
        readyAt: minutesAgo(sample.minutes + 69.9),
      }
    : null
  world.projects.set(project.id, {
    ...project,
    session: session && { ...session, ...sample.session },
  })
  world.owners.set(project.id, owner)
  world.versions.set(project.id, [
    {
      id: randomUUID(),
      kind: 'head',
      savedAt,
      bytes: sample.bytes,
      entries: 40,
      format: 'zip',
      isCheckpoint: false,
    },
    {
      id: randomUUID(),
      kind: 'earlier',
      savedAt: minutesAgo(sample.minutes + 25),
      bytes: sample.bytes - 1_100,
      entries: 39,
      format: 'zip',
      isCheckpoint: true,
    },
    {
      id: randomUUID(),
      kind: 'recovery',
      savedAt: minutesAgo(sample.minutes + 61),
      bytes: sample.bytes - 900,
      entries: 39,
      format: 'zip',
      isCheckpoint: false,
    },
  ])
}
