import type { NatsConnection } from '@nats-io/transport-node'
import type { SupabaseClient } from '@supabase/supabase-js'
import type { Redis } from 'ioredis'
import { type BusState, watchBus } from './bus/bus-state.ts'
import { createHostCommands } from './bus/host-commands.ts'
import { joinBus } from './bus/join-bus.ts'
import { createMarket } from './bus/market.ts'
import { createCodeStore } from './cache/codes.ts'
import { createLiveSessions } from './cache/live-sessions.ts'
import { startChores } from './chores/chores.ts'
import type { Config } from './config.ts'
import { Beats } from './hosts/beats.ts'
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
import { createHostNotes } from './store/host-notes.ts'
import { createLeaseStore } from './store/leases.ts'
import { type AllProjects, createProjectReader } from './store/project-reader.ts'
import { createRetention } from './store/retention.ts'
import { createSessionStore } from './store/sessions.ts'
import { createVisitorStore } from './store/visitors.ts'
import type { TicketSigner } from './tickets/signer.ts'
import { createTickets } from './tickets/tickets.ts'
import type { ViewSettings } from './views/session-view.ts'

export interface CoreDeps {
  readonly config: Config
  readonly log: Log
  readonly db: SupabaseClient
  /** For what nobody waits for: it takes few places at the database, so that people find room. */
  readonly backgroundDb: SupabaseClient
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

/** A host tries an upload again for longer than a day only if it is cut off, and then anew. */
const PENDING_MS = 24 * 3_600_000

export async function buildCore(deps: CoreDeps): Promise<Core> {
  const { nc, log, config, clock, notifications } = deps
  const parts = buildParts(deps)
  const { announcer, reconciler, commands } = parts.driving
  const beats = parts.beats
  const bus = watchBus(nc, log)
  const joined = await joinBus({
    nc,
    log,
    bus,
    clock,
    beats,
    notifications,
    replicas: config.STREAM_REPLICAS,
    handlers: parts.handlers,
    onEvent: (event) => applyEvent(event, parts.driving),
  })
  const chores = startChores({
    retention: createRetention(deps.backgroundDb, {
      headsKept: config.HEADS_KEPT,
      pendingMs: PENDING_MS,
      undeleteMs: config.UNDELETE_WITHIN_MS,
      graceMs: config.SWEEP_GRACE_MS,
    }),
    log,
    holder: deps.driver,
    sweepEveryMs: config.SWEEP_EVERY_MS,
  })
  return {
    sessions: parts.sessions,
    hosts: createHosts({ beats, commands, note: createHostNotes(deps.db) }),
    store: parts.store,
    projectReader: parts.projects,
    announcer,
    settings: parts.settings,
    bus,
    start: () => reconciler.start(),
    async stop() {
      await Promise.all([joined.leave(), reconciler.stop(), chores.stop()])
      await announcer.settle()
    },
  }
}

/** The parts that know nothing of when they are called. */
function buildParts(deps: CoreDeps) {
  const { config, log, db, nc, redis, clock, notifications, signer } = deps
  const settings = {
    workspaceBaseUrl: config.WORKSPACE_BASE_URL,
    idleStopMs: config.IDLE_STOP_MS,
  }
  const limits = {
    driver: deps.driver,
    sessionsPerUserMax: config.SESSIONS_PER_USER_MAX,
    memoryMibPerUserMax: config.MEMORY_MIB_PER_USER_MAX,
  }
  const store = createSessionStore(db, limits)
  const projects = createProjectReader(db)
  const background = {
    store: createSessionStore(deps.backgroundDb, limits),
    projects: createProjectReader(deps.backgroundDb),
  }
  const files = createArchiveFiles(db, config.SUPABASE_URL)
  const live = createLiveSessions(redis, log)
  const announcer = createAnnouncer({ ...background, notifications, live, settings, log })
  const tickets = createTickets({ codes: createCodeStore(redis), signer, store, clock })
  const beats = new Beats(clock)
  const shared = { store, projects, announcer, clock, log }
  const acting = {
    ...shared,
    ...background,
    archives: files,
    tickets: signer,
    market: createMarket(nc, log),
    commands: createHostCommands(nc, log),
    random: Math.random,
  }
  const reconciler = createReconciler({
    ...acting,
    presences: { of: (host, session) => beats.presence(host, session) },
    idleStopMs: config.IDLE_STOP_MS,
    maxLifeMs: config.MAX_LIFE_MS,
  })
  const handlers = createRequestHandlers({
    ...shared,
    archives: createArchiveStore(db),
    files,
    leases: createLeaseStore(db),
    tickets,
    visitors: createVisitorStore(db),
  })
  return {
    store,
    projects,
    settings,
    beats,
    handlers,
    driving: { ...acting, reconciler },
    sessions: createSessions({
      ...shared,
      ...{ reconciler, tickets, live, settings, commands: acting.commands },
    }),
  }
}
