import { connect, type NatsConnection } from '@nats-io/transport-node'
import fastify, { type FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import { createHub, type Hub } from '../../../src/hub/hub.ts'
import type { HubLimits } from '../../../src/hub/limits.ts'
import { createNatsSources } from '../../../src/hub/nats/sources.ts'
import type { Clock, HubDomain, HubLogger, Notifications } from '../../../src/hub/ports.ts'
import { TestDomain } from './domain.ts'

export const ORIGIN = 'http://localhost:3000'

export const realClock: Clock = {
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

export interface HubStack<D extends HubDomain = TestDomain> {
  readonly hub: Hub
  readonly domain: D
  readonly nc: NatsConnection
  readonly notifications: Notifications
  readonly registry: Registry
  readonly port: number
  readonly url: string
  readonly warnings: string[]
  stop(): Promise<void>
}

export interface HubStackOptions<D extends HubDomain = TestDomain> {
  readonly limits?: Partial<HubLimits>
  readonly domain?: D
  readonly drainMs?: number
  /** 0: any free one. */
  readonly port?: number
}

export function connectNats(url: string): Promise<NatsConnection> {
  return connect({
    servers: url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    reconnectJitter: 50,
    pingInterval: 5_000,
    maxPingOut: 2,
    noAsyncTraces: true,
  })
}

/** The hub as an orchestrator runs it: Fastify, a real bus, and users held in memory. */
export async function startHub<D extends HubDomain = TestDomain>(
  natsUrl: string,
  options: HubStackOptions<D> = {},
): Promise<HubStack<D>> {
  const nc = await connectNats(natsUrl)
  const warnings: string[] = []
  const log: HubLogger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (facts, message) => warnings.push(`${message} ${JSON.stringify(facts)}`),
    error: (facts, message) => warnings.push(`${message} ${JSON.stringify(facts)}`),
  }
  const [clock, random] = [realClock, Math.random]
  const sources = await createNatsSources({ nc, clock, random, log })
  const domain = options.domain ?? (new TestDomain() as HubDomain as D)
  const registry = new Registry()
  const hub = createHub({
    ...sources,
    domain,
    clock,
    random,
    log,
    registry,
    origins: [ORIGIN],
    drainMs: options.drainMs ?? 0,
    ...(options.limits ? { limits: options.limits } : {}),
  })
  const app: FastifyInstance = fastify()
  await app.register(hub.plugin)
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    hub,
    domain,
    nc,
    notifications: sources.notifications,
    registry,
    port,
    url: `ws://127.0.0.1:${port}/ws`,
    warnings,
    async stop() {
      await app.close()
      await nc.close()
    },
  }
}
