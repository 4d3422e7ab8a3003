import type { SupabaseClient } from '@supabase/supabase-js'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { createAccount } from './account/account.ts'
import { createApiTokens } from './account/api-tokens.ts'
import { type EndedLogins, refuseEnded } from './account/ended-logins.ts'
import type { AccountStore } from './account/ports.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import { createHttpApp } from './http/app.ts'
import { createTokenVerifier } from './http/tokens.ts'
import { createHub } from './hub/hub.ts'
import type { NatsSources } from './hub/nats/sources.ts'
import { createAdmins } from './live/admins.ts'
import { createHubDomain } from './live/hub-domain.ts'
import { createOwners } from './live/owners.ts'
import type { Readiness } from './ports.ts'
import { createProjects } from './projects/projects.ts'
import { systemClock } from './system-clock.ts'

export interface FacesDeps {
  readonly config: Config
  readonly log: Logger
  readonly db: SupabaseClient
  readonly redis: Redis
  readonly registry: Registry
  readonly sources: NatsSources
  readonly core: Core
  readonly accounts: AccountStore
  readonly ended: EndedLogins
  readonly readiness: Readiness
}

/** REST and the WebSocket relay before the core. */
export async function buildFaces(deps: FacesDeps) {
  const { config, log, core, accounts, ended } = deps
  const { store, projectReader: projects, hosts, settings } = core
  const tokens = createTokenVerifier({
    supabaseUrl: config.SUPABASE_URL,
    sharedSecret: config.SUPABASE_JWT_SECRET,
    tokenLifeMs: config.ACCESS_TOKEN_LIFE_MS,
  })
  const logins = refuseEnded(tokens, ended)
  const owners = createOwners({ store, projects })
  const admins = createAdmins({ auth: deps.db.auth, clock: systemClock })
  const hub = createHub({
    ...deps.sources,
    domain: createHubDomain({
      ...{ tokens: logins, ended, owners, admins },
      ...{ store, projects, hosts, settings },
    }),
    clock: systemClock,
    random: Math.random,
    log,
    registry: deps.registry,
    origins: config.dashboardOrigins,
    drainMs: config.SOCKET_DRAIN_MS,
    limits: { connectionsMax: config.SOCKETS_MAX },
  })
  return createHttpApp({
    sessions: core.sessions,
    projects: createProjects({
      db: deps.db,
      announcer: core.announcer,
      templatesDir: config.TEMPLATES_DIR,
      undeleteWithinMs: config.UNDELETE_WITHIN_MS,
      settings,
      log,
    }),
    hosts,
    account: createAccount(accounts),
    tokens: createApiTokens({ logins, store: accounts, clock: systemClock }),
    admins,
    readiness: deps.readiness,
    hub,
    registry: deps.registry,
    redis: deps.redis,
    hasDocs: config.API_DOCS === 'on',
    dashboardOrigins: config.dashboardOrigins,
    trustedProxies: config.TRUSTED_PROXIES,
    logger: log,
    limits: {
      bodyBytesMax: config.BODY_BYTES_MAX,
      importBytesMax: config.IMPORT_BYTES_MAX,
      requestsPerMinuteMax: config.REQUESTS_PER_MINUTE_MAX,
    },
  })
}
