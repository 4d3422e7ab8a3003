import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { SupabaseClient } from '@supabase/supabase-js'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { EndedLogins, watchEndedLogins } from './account/ended-logins.ts'
import { connectBus } from './bus/connection.ts'
import { connectRedis } from './cache/redis.ts'
import type { Config } from './config.ts'
import { buildCore, type Core } from './core.ts'
import { buildFaces } from './faces.ts'
import { measureFigures } from './figures/figure-metrics.ts'
import { type FiguresWatch, watchFigures } from './figures/watch-figures.ts'
import { serveMetrics } from './http/serve-metrics.ts'
import { createNatsSources } from './hub/nats/sources.ts'
import { createReadiness } from './readiness.ts'
import { createAccountStore } from './store/account.ts'
import { createStoreClient } from './store/client.ts'
import { readSessionFigures } from './store/session-figures.ts'
import { systemClock } from './system-clock.ts'
import { readTicketSigner } from './tickets/signer.ts'

export interface Orchestrator {
  readonly port: number
  readonly metricsPort: number
  /** Takes nothing new, ends what is in work, sends browsers elsewhere, lets go of everything. */
  stop(): Promise<void>
}

/** Enough for some ten boots a second; what people wait for comes beside it. */
const BACKGROUND_QUERIES_MAX = 4

/** Builds one copy of the orchestrator and starts it. */
export async function startOrchestrator(config: Config, log: Logger): Promise<Orchestrator> {
  const signer = await readTicketSigner(config.TICKET_KEY_FILE)
  const store = { url: config.SUPABASE_URL, serviceRoleKey: config.SUPABASE_SERVICE_ROLE_KEY }
  const db = createStoreClient(store)
  const backgroundDb = createStoreClient({ ...store, atOnceMax: BACKGROUND_QUERIES_MAX })
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
  const clock = systemClock
  const sources = await createNatsSources({ nc, clock, random: Math.random, log })
  const { notifications } = sources
  const driver = randomUUID()
  const core = await buildCore({
    config,
    log,
    db,
    backgroundDb,
    nc,
    redis,
    signer,
    notifications,
    clock,
    driver,
  })
  const readiness = createReadiness({ db, bus: core.bus, clock })
  const accounts = createAccountStore(db)
  const ended = new EndedLogins({
    store: accounts,
    clock,
    tokenLifeMs: config.ACCESS_TOKEN_LIFE_MS,
    log,
  })
  const watching = await watchEndedLogins(ended, log)
  const app = await buildFaces({
    ...{ config, log, db, redis, registry, sources, core, readiness },
    ...{ accounts, ended },
  })
  const figures = startFigures(registry, { db: backgroundDb, core, log })
  const metrics = await serveMetrics(registry, {
    host: config.METRICS_HOST,
    port: config.METRICS_PORT,
  })
  core.start()
  await app.listen({ host: config.HOST, port: config.PORT })

  return {
    port: portOf(app),
    metricsPort: metrics.port,
    async stop() {
      readiness.shutDown()
      // What the load balancer sends until it has noticed is answered as ever.
      await delay(config.LEAVE_NOTICE_MS)
      await app.close()
      await Promise.all([watching.stop(), figures.stop()])
      await core.stop()
      await nc.drain()
      redis.disconnect()
      await metrics.stop()
    },
  }
}

/** What all copies together have to do, and with what: everyone's sessions and hosts. */
function startFigures(
  registry: Registry,
  { db, core, log }: { db: SupabaseClient; core: Core; log: Logger },
): FiguresWatch {
  const clock = systemClock
  const read = () => readSessionFigures({ db, store: core.store, clock })
  const figures = watchFigures({ read, clock, log })
  measureFigures(registry, { hosts: core.hosts.list, figures, clock })
  return figures
}

function portOf(app: Pick<FastifyInstance, 'server'>): number {
  return (app.server.address() as AddressInfo).port
}
