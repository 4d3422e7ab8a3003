import { randomUUID } from 'node:crypto'
import websocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import type { SocketView } from '@vessel/proto/browser/socket-view'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { Slots } from '../slots.ts'
import { createAccept } from './accept.ts'
import { BrowserSocket } from './browser-socket.ts'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'
import { drain } from './drain.ts'
import { createHubMetrics } from './hub-metrics.ts'
import { Limiter } from './limiter.ts'
import { HUB_LIMITS, type HubLimits } from './limits.ts'
import type {
  Clock,
  FeedSource,
  HubDomain,
  HubLogger,
  MetricSource,
  Notifications,
} from './ports.ts'
import type { PresenceRoom } from './presence-room.ts'
import type { SessionLog } from './session-log.ts'
import { Shared } from './shared.ts'
import type { StateChannel } from './state-channel.ts'
import { socketViewOf } from './tell-sockets.ts'
import { startTimers } from './timers.ts'
import { chooseProtocol, createUpgradeCheck } from './upgrade.ts'
import { paceUpgrades } from './upgrade-pace.ts'

export interface HubDeps {
  readonly domain: HubDomain
  readonly feed: FeedSource
  readonly metricSource: MetricSource
  readonly notifications: Notifications
  readonly clock: Clock
  readonly random: () => number
  readonly log: HubLogger
  readonly registry: Registry
  /** Exact origins of the dashboard, `https://host[:port]`. */
  readonly origins: readonly string[]
  /** Over how long a shutdown spreads its goodbyes, so that the others are not overrun. */
  readonly drainMs: number
  readonly limits?: Partial<HubLimits>
}

export interface Hub {
  /** The Fastify plugin that serves `GET /ws`. */
  readonly plugin: (app: FastifyInstance) => Promise<void>
  readonly connectionCount: () => number
  readonly sockets: () => SocketView[]
  /** Refuses new connections and sends everyone away, spread over `drainMs`. */
  readonly close: () => Promise<void>
}

type ServerOptions = NonNullable<WebsocketPluginOptions['options']>

/** Relays the bus to browsers: everything they may see, in order, each thing once. */
export function createHub(deps: HubDeps): Hub {
  const ctx = createContext(deps)
  const timers = startTimers(ctx)
  let closing: Promise<void> | null = null
  let stopUpgrades = () => {}

  const close = () => {
    stopUpgrades()
    closing ??= drain(ctx, deps).finally(() => {
      timers.stop()
      ctx.logs.dropAll()
      ctx.channels.dropAll()
      ctx.rooms.dropAll()
    })
    return closing
  }

  return {
    plugin: async (app) => {
      const options = {
        maxPayload: ctx.limits.clientFrameBytesMax,
        perMessageDeflate: false,
        // The hub has a list of its own.
        clientTracking: false,
        // The types ask for what hangs on the library's own class beside it.
        WebSocket: BrowserSocket as unknown as NonNullable<ServerOptions['WebSocket']>,
        closeTimeout: ctx.limits.closeGraceMs,
        handleProtocols: chooseProtocol,
      }
      await app.register(websocket, { options, preClose: close })
      const onCut = () => ctx.metrics.upgradesRefused.inc({ why: 'crowd' })
      stopUpgrades = paceUpgrades(app.server, { ...ctx.limits, onCut })
      const preValidation = createUpgradeCheck(ctx, { origins: new Set(deps.origins) })
      const accept = createAccept(ctx)
      app.get('/ws', { websocket: true, preValidation }, (socket, request) =>
        accept(socket as BrowserSocket, request.raw.socket),
      )
    },
    connectionCount: () => ctx.connections.size,
    sockets: () => [...ctx.connections].map(socketViewOf),
    close,
  }
}

function createContext(deps: HubDeps): HubContext {
  const limits = { ...HUB_LIMITS, ...deps.limits }
  const { clock } = deps
  const connections = new Set<Connection>()
  const logs = new Shared<SessionLog>({
    clock,
    lingerMs: limits.lingerMs,
    dispose: (log) => log.stop(),
  })
  const metrics = createHubMetrics(deps.registry, {
    connections: () => connections.size,
    logs: () => logs.size,
    ringBytes: () => logs.values().reduce((sum, { ring }) => sum + ring.bytes, 0),
  })
  return {
    ...deps,
    node: randomUUID(),
    limits,
    metrics,
    connections,
    logs,
    unauthenticated: new Set(),
    byUser: new Map(),
    limiter: new Limiter(limits.commandsPerMinuteMax),
    channels: new Shared<StateChannel>({
      clock,
      lingerMs: limits.lingerMs,
      dispose: (channel) => channel.stop(),
    }),
    rooms: new Shared<PresenceRoom>({
      clock,
      lingerMs: limits.lingerMs,
      dispose: (room) => room.stop(),
    }),
    historySlots: new Slots(limits.historyReadsMax),
    snapshotSlots: new Slots(limits.snapshotsAtOnceMax),
  }
}
