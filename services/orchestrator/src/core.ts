import type { NatsConnection } from '@nats-io/transport-node'
import type { SupabaseClient } from '@supabase/supabase-js'
import type { Redis } from 'ioredis'
import { type BusState, watchBus } from './bus/bus-state.ts'
import { consumeEvents } from './bus/event-consumer.ts'
import { createHostCommands } from './bus/host-commands.ts'
import { listenToBeats } from './bus/listen-beats.ts'
import { createMarket } from './bus/market.ts'
import { serveRequests } from './bus/serve-requests.ts'
import { ensureStreams } from './bus/streams.ts'
import { createCodeStore } from './cache/codes.ts'
import { createLiveSessions } from './cache/live-sessions.ts'
import type { Config } from './config.ts'
import { Beats } from './hosts/beats.ts'
import { hostViewOf } from './hosts/host-view.ts'
import { createHosts } from './hosts/hosts.ts'
import type { Notifications } from './hub/ports.ts'
import { createAnnouncer } from './live/announcer.ts'
import type { Announcer, Clock, Hosts, Log, Sessions } from './ports.ts'
import { createRequestHandlers } from './requests/handlers.ts'
import { applyEvent } from './sessions/apply-event.ts'
import type { SessionStore } from './sessions/ports.ts'
import { createReconciler } from './sessions/reconciler.ts'
import { createSessions } from './sessions/sessions.ts'
import { createArchiveFiles } from './store/archive-files.ts'
import { createArchiveStore } from './store/archives.ts'
import { createLeaseStore } from './store/leases.ts'
import { type AllProjects, createProjectReader } from './store/project-reader.ts'
import { createSessionStore } from './store/sessions.ts'
import type { TicketSigner } from './tickets/signer.ts'
import { createTickets } from './tickets/tickets.ts'
import type { ViewSettings } from './views/session-view.ts'

export interface CoreDeps {
  readonly config: Config
  readonly log: Log
  readonly db: SupabaseClient
  readonly nc: NatsConnection
  readonly redis: Redis
  readonly signer: TicketSigner
  readonly notifications: Notifications
  readonly clock: Clock
  /** Name of this copy in the claims of the reconciler. */
  readonly driver: string
}

/** Everything between the database and the bus; the faces (HTTP, WebSocket) stand before it. */
export interface Core {
  readonly sessions: Sessions
  readonly hosts: Hosts
  readonly store: SessionStore
  readonly projectReader: AllProjects
  readonly announcer: Announcer
  readonly settings: ViewSettings
  readonly bus: BusState
  start(): void
  stop(): Promise<void>
}

export async function buildCore(deps: CoreDeps): Promise<Core> {
  const { config, log, db, nc, redis, clock, notifications, signer } = deps
  const settings = {
    workspaceBaseUrl: config.WORKSPACE_BASE_URL,
    idleStopMs: config.IDLE_STOP_MS,
  }
  const store = createSessionStore(db, {
    driver: deps.driver,
    sessionsPerUserMax: config.SESSIONS_PER_USER_MAX,
    memoryMibPerUserMax: config.MEMORY_MIB_PER_USER_MAX,
  })
  const projects = createProjectReader(db)
  const files = createArchiveFiles(db, config.SUPABASE_URL)
  const live = createLiveSessions(redis, log)
  const announcer = createAnnouncer({ store, projects, notifications, live, settings, log })
  const commands = createHostCommands(nc, log)
  const tickets = createTickets({ codes: createCodeStore(redis), signer, store, clock })
  const beats = new Beats(clock)
  const bus = watchBus(nc, log)
  const presences = {
    of: (...of: Parameters<Beats['presence']>) => beats.presence(...of),
  }
  const driving = {
    store,
    projects,
    archives: files,
    tickets: signer,
    market: createMarket(nc, log),
    commands,
    announcer,
    random: Math.random,
    log,
  }
  const reconciler = createReconciler({
    ...driving,
    clock,
    presences,
    idleStopMs: config.IDLE_STOP_MS,
    maxLifeMs: config.MAX_LIFE_MS,
  })
  const sessions = createSessions({
    store,
    projects,
    reconciler,
    announcer,
    tickets,
    live,
    clock,
    settings,
  })
  const handlers = createRequestHandlers({
    store,
    projects,
    archives: createArchiveStore(db),
    files,
    leases: createLeaseStore(db),
    tickets,
    announcer,
    log,
  })

  await ensureStreams(nc, config.STREAM_REPLICAS)
  const onReconnect = () => {
    beats.listenAnew()
    ensureStreams(nc, config.STREAM_REPLICAS).catch((err) => {
      log.error({ err }, 'streams could not be made sure of')
    })
  }
  bus.onReconnect(onReconnect)

  const onEvent = (event: Parameters<typeof applyEvent>[0]) =>
    applyEvent(event, { ...driving, reconciler })
  const listeners = {
    onBeat: (beat: Parameters<Beats['hear']>[0]) => beats.hear(beat),
    onBeatOnce: (beat: Parameters<Beats['hear']>[0]) => {
      const host = hostViewOf({ beat, atMs: clock.now() }, clock.now())
      notifications.publish({ kind: 'admin' }, { kind: 'items', items: [{ kind: 'host', host }] })
    },
  }
  const listening = listenToBeats({ nc, log }, listeners)
  const serving = serveRequests({ nc, log }, handlers)
  const consuming = consumeEvents({ nc, log, onEvent })

  return {
    sessions,
    hosts: createHosts({ beats, commands }),
    store,
    projectReader: projects,
    announcer,
    settings,
    bus,
    start: () => reconciler.start(),
    async stop() {
      listening.stop()
      await Promise.all([consuming.stop(), serving.stop(), reconciler.stop()])
      await announcer.settle()
    },
  }
}
