import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type LocalSupabase, startSupabase } from '@vessel/local-supabase/start'
import type { FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createAccount } from '../../../src/account/account.ts'
import { createApiTokens } from '../../../src/account/api-tokens.ts'
import { createHttpApp, type HttpLimits } from '../../../src/http/app.ts'
import { createTokenVerifier } from '../../../src/http/tokens.ts'
import { createAdmins } from '../../../src/live/admins.ts'
import { createProjects } from '../../../src/projects/projects.ts'
import { createAccountStore } from '../../../src/store/account.ts'
import { createStoreClient } from '../../../src/store/client.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { FakeSessions, fakeHosts } from './fake-sessions.ts'
import { makeUser, type TestUser } from './users.ts'

export const ORIGIN = 'http://localhost:3000'
export const TEMPLATES_DIR = fileURLToPath(
  new URL('../../../../../deploy/templates', import.meta.url),
)
const UNDELETE_WITHIN_MS = 3_600_000
const TOKEN_LIFE_MS = 3_600_000

export interface HttpStack {
  readonly app: FastifyInstance
  readonly registry: Registry
  readonly url: string
  readonly supabase: LocalSupabase
  readonly sessions: FakeSessions
  /** What was announced: `project <id>` or `removed <id>`. */
  readonly announced: string[]
  /** What `/readyz` says is down. */
  readonly down: string[]
  readonly logLines: string[]
  readonly ann: TestUser
  readonly ben: TestUser
  readonly root: TestUser
  stop(): Promise<void>
}

export interface HttpStackOptions {
  readonly limits?: Partial<HttpLimits>
  readonly redis?: Redis
  readonly isFaulty?: boolean
  readonly hasDocs?: boolean
  readonly trustedProxies?: readonly string[]
  /** In the place of the WebSocket relay. */
  readonly plugin?: (app: FastifyInstance) => Promise<void>
}

const LIMITS: HttpLimits = {
  bodyBytesMax: 65_536,
  importBytesMax: 4 * 1024 * 1024,
  requestsPerMinuteMax: 100_000,
}

/** The HTTP face with the real store behind it; sessions and hosts are held in memory. */
export async function startHttp(options: HttpStackOptions = {}): Promise<HttpStack> {
  const supabase = await startSupabase({ isFaulty: options.isFaulty === true, logLevel: 'silent' })
  const sessions = new FakeSessions()
  const [announced, down, logLines]: string[][] = [[], [], []] as string[][]
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void (logLines as string[]).push(line) },
  )
  const registry = new Registry()
  const db = createStoreClient({ url: supabase.url, serviceRoleKey: supabase.serviceRoleKey })
  const accounts = createAccountStore(db)
  const projects = createProjects({
    db,
    announcer: {
      session: () => undefined,
      project: ({ projectId }) => void (announced as string[]).push(`project ${projectId}`),
      projectRemoved: ({ projectId }) => void (announced as string[]).push(`removed ${projectId}`),
    },
    templatesDir: TEMPLATES_DIR,
    undeleteWithinMs: UNDELETE_WITHIN_MS,
    settings: { workspaceBaseUrl: 'http://localhost:4180', idleStopMs: 1_800_000 },
    log: logger,
  })
  const app = await createHttpApp({
    sessions,
    projects,
    hosts: fakeHosts,
    account: createAccount(accounts),
    tokens: createApiTokens({
      logins: createTokenVerifier({ supabaseUrl: supabase.url, tokenLifeMs: TOKEN_LIFE_MS }),
      store: accounts,
      clock: systemClock,
    }),
    admins: createAdmins({ auth: db.auth, clock: systemClock }),
    readiness: { check: async () => down as string[] },
    hub: { plugin: options.plugin ?? (async () => undefined), connectionCount: () => 3 },
    registry,
    hasDocs: options.hasDocs ?? true,
    redis: options.redis ?? null,
    dashboardOrigins: [ORIGIN],
    trustedProxies: options.trustedProxies ?? [],
    logger,
    limits: { ...LIMITS, ...options.limits },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    ...{ app, registry, supabase, sessions },
    announced: announced as string[],
    down: down as string[],
    logLines: logLines as string[],
    url: `http://127.0.0.1:${port}`,
    ann: await makeUser(supabase, 'ann@example.com'),
    ben: await makeUser(supabase, 'ben@example.com'),
    root: await makeUser(supabase, 'root@example.com', 'admin'),
    async stop() {
      await app.close()
      await supabase.stop()
    },
  }
}
