import type { Socket } from 'node:net'
import websocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { WebSocket } from 'ws'
import { Slots } from '../slots.ts'
import { AccessSweep } from './access.ts'
import { BrowserSocket, CLOSING } from './browser-socket.ts'
import { Connection } from './connection.ts'
import type { HubContext } from './context.ts'
import type { ConnectionCounters } from './counters.ts'
import { drain } from './drain.ts'
import { FrameReader } from './handlers/dispatch.ts'
import { type CloseLabel, createHubMetrics } from './hub-metrics.ts'
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
import { tick } from './tick.ts'
import { chooseProtocol, createUpgradeCheck, refuseUpgrades } from './upgrade.ts'

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

export interface ConnectionStats extends ConnectionCounters {
  readonly id: string
  readonly userId: string | null
  readonly openedAtMs: number
  readonly topics: readonly string[]
  readonly framesSent: number
  readonly itemsSent: number
  readonly bytesSent: number
  readonly bytesWaiting: number
}

export interface Hub {
  /** The Fastify plugin that serves `GET /ws`. */
  readonly plugin: (app: FastifyInstance) => Promise<void>
  readonly connectionCount: () => number
  readonly stats: () => ConnectionStats[]
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
        // The types ask for what hangs on the library's own class beside it.
        WebSocket: BrowserSocket as unknown as NonNullable<ServerOptions['WebSocket']>,
        closeTimeout: ctx.limits.closeGraceMs,
        handleProtocols: chooseProtocol,
      }
      await app.register(websocket, { options, preClose: close, errorHandler: endFaulty })
      stopUpgrades = () => refuseUpgrades(app.server)
      const preValidation = createUpgradeCheck(ctx, { origins: new Set(deps.origins) })
      app.get('/ws', { websocket: true, preValidation }, (socket, request) =>
        accept(ctx, socket, request.raw.socket),
      )
    },
    connectionCount: () => ctx.connections.size,
    stats: () => [...ctx.connections].map(statsOf),
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
    limits,
    metrics,
    connections,
    logs,
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

/** Everything here is synchronous: a frame that arrives with the handshake must find a listener. */
function accept(ctx: HubContext, socket: WebSocket, tcp: Socket): void {
  const { clock, limits, metrics } = ctx
  const onClosed = (closed: Connection, label: CloseLabel) => forget(ctx, closed, label)
  const connection = new Connection({ socket, tcp, clock, limits, metrics, onClosed })
  const reader = new FrameReader(ctx, connection)
  socket.on('message', (data, isBinary) => reader.onMessage(data as Buffer, isBinary))
  socket.on('pong', () => {
    connection.lastSeenMs = clock.now()
  })
  const onEnd = () => connection.end('client')
  socket.on(CLOSING, onEnd)
  socket.on('close', onEnd)
  ctx.connections.add(connection)
  if (socket.protocol !== WS_SUBPROTOCOL) connection.close('version')
}

/** After a protocol fault `ws` is closing already, and its close frame must still get out. */
function endFaulty(_error: Error, socket: WebSocket): void {
  if (socket.readyState === socket.OPEN) socket.terminate()
}

function forget(ctx: HubContext, connection: Connection, label: CloseLabel): void {
  ctx.connections.delete(connection)
  const userId = connection.viewer?.userId
  const ofUser = userId ? ctx.byUser.get(userId) : undefined
  if (userId && ofUser?.delete(connection) && ofUser.size === 0) ctx.byUser.delete(userId)
  if (label !== 'client') {
    ctx.log.info({ connection: connection.id, userId, reason: label }, 'connection closed')
  }
}

function startTimers(ctx: HubContext): { stop(): void } {
  const sweep = new AccessSweep(ctx)
  let isStopped = false
  let tickTimer: unknown = null
  let sweepTimer: unknown = null

  const runTick = () => {
    tick(ctx)
    if (!isStopped) tickTimer = ctx.clock.setTimer(runTick, ctx.limits.tickMs)
  }
  const runSweep = () => {
    void sweep.run()
    if (!isStopped) sweepTimer = ctx.clock.setTimer(runSweep, ctx.limits.accessCheckMs)
  }
  tickTimer = ctx.clock.setTimer(runTick, ctx.limits.tickMs)
  sweepTimer = ctx.clock.setTimer(runSweep, ctx.limits.accessCheckMs)
  return {
    stop() {
      isStopped = true
      ctx.clock.clearTimer(tickTimer)
      ctx.clock.clearTimer(sweepTimer)
    },
  }
}

function statsOf(connection: Connection): ConnectionStats {
  return {
    ...connection.counters,
    id: connection.id,
    userId: connection.viewer?.userId ?? null,
    openedAtMs: connection.openedAtMs,
    topics: [...connection.topics.keys()],
    framesSent: connection.outbox.framesSent,
    itemsSent: connection.outbox.itemsSent,
    bytesSent: connection.outbox.bytesSent,
    bytesWaiting: connection.outbox.bytesWaiting,
  }
}
