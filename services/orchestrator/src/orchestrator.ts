import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { connectBus } from './bus/connection.ts'
import { connectRedis } from './cache/redis.ts'
import type { Config } from './config.ts'
import { buildCore } from './core.ts'
import { createHttpApp } from './http/app.ts'
import { createTokenVerifier } from './http/tokens.ts'
import { createHub } from './hub/hub.ts'
import { createNatsSources } from './hub/nats/sources.ts'
import { createHubDomain } from './live/hub-domain.ts'
import { createOwners } from './live/owners.ts'
import { createProjects } from './projects/projects.ts'
import { createReadiness } from './readiness.ts'
import { createStoreClient } from './store/client.ts'
import { systemClock } from './system-clock.ts'
import { readTicketSigner } from './tickets/signer.ts'

export interface Orchestrator {
  readonly port: number
  /** Takes nothing new, ends what is in work, sends browsers elsewhere, lets go of everything. */
  stop(): Promise<void>
}

/** Builds one copy of the orchestrator and starts it. */
export async function startOrchestrator(config: Config, log: Logger): Promise<Orchestrator> {
  const signer = await readTicketSigner(config.TICKET_KEY_FILE)
  const db = createStoreClient({
    url: config.SUPABASE_URL,
    serviceRoleKey: config.SUPABASE_SERVICE_ROLE_KEY,
  })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const redis = connectRedis(config.REDIS_URL, log)
  const nc = await connectBus(
    {
      urls: config.NATS_URL,
      nkeyFile: config.NATS_NKEY_FILE,
      triesMax: config.NATS_CONNECT_TRIES_MAX,
    },
    log,
  )
  const sources = await createNatsSources({ nc, clock: systemClock, random: Math.random, log })
  const core = await buildCore({
    config,
    log,
    db,
    nc,
    redis,
    signer,
    notifications: sources.notifications,
    clock: systemClock,
    driver: randomUUID(),
  })

  const tokens = createTokenVerifier({
    supabaseUrl: config.SUPABASE_URL,
    sharedSecret: config.SUPABASE_JWT_SECRET,
  })
  const { store, projectReader, hosts, settings } = core
  const owners = createOwners({ store, projects: projectReader })
  const hub = createHub({
    ...sources,
    domain: createHubDomain({ tokens, owners, store, projects: projectReader, hosts, settings }),
    clock: systemClock,
    random: Math.random,
    log,
    registry,
    origins: config.dashboardOrigins,
    drainMs: config.SOCKET_DRAIN_MS,
    limits: { connectionsMax: config.SOCKETS_MAX },
  })
  const readiness = createReadiness({ db, bus: core.bus, clock: systemClock })
  const projects = createProjects({
    db,
    announcer: core.announcer,
    templatesDir: config.TEMPLATES_DIR,
    undeleteWithinMs: config.UNDELETE_WITHIN_MS,
    settings,
    log,
  })
  const app = await createHttpApp({
    sessions: core.sessions,
    projects,
    hosts,
    tokens,
    readiness,
    hub,
    registry,
    redis,
    dashboardOrigins: config.dashboardOrigins,
    trustedProxies: config.TRUSTED_PROXIES,
    logger: log,
    limits: {
      bodyBytesMax: config.BODY_BYTES_MAX,
      importBytesMax: config.IMPORT_BYTES_MAX,
      requestsPerMinuteMax: config.REQUESTS_PER_MINUTE_MAX,
    },
  })
  core.start()
  await app.listen({ host: config.HOST, port: config.PORT })

  return {
    port: portOf(app),
    async stop() {
      readiness.shutDown()
      await app.close()
      await core.stop()
      await nc.drain()
      redis.disconnect()
    },
  }
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port
}
