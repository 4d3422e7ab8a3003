import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { VesselError } from '@vessel/proto/errors'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { subjects } from '@vessel/proto/subjects'
import { startBeating } from './bus/beater.ts'
import { type BusConnection, connectBus } from './bus/connection.ts'
import { createOrchestratorClient } from './bus/orchestrator-client.ts'
import { serveCommands } from './bus/serve-commands.ts'
import { servePlacement } from './bus/serve-placement.ts'
import { createStreamBus } from './bus/stream-bus.ts'
import { ensureStreams } from './bus/streams.ts'
import { serveControl } from './cli/control-socket.ts'
import { createLocalDoors, type LocalDoors } from './cli/local-doors.ts'
import { createLocalSessions } from './cli/local-sessions.ts'
import type { Config } from './config.ts'
import { createFeeds } from './feed/feeds.ts'
import { createAccessCheck } from './gateway/check-access.ts'
import { guestClient } from './guest/client.ts'
import { type DiskSpace, diskSpace, measuredLimits } from './host/capacity.ts'
import { systemClock as clock } from './host/clock.ts'
import { Holds } from './host/holds.ts'
import { type HostState, openHostState } from './host/host-state.ts'
import { createMetrics } from './http/metrics.ts'
import { createHttpServer } from './http/server.ts'
import { type Fences, openFences } from './journal/fences.ts'
import { createJournal } from './journal/journal.ts'
import { createOps, type Ops } from './journal/ops.ts'
import { LeaseKeeper } from './lease/lease-keeper.ts'
import { makeBeat } from './make-beat.ts'
import { PackedFilesOnDisk } from './packed/packed-files.ts'
import type { Paths } from './paths.ts'
import { createRouteFiles, type RouteFiles } from './routes/route-files.ts'
import { choresOf } from './sessions/chores.ts'
import { createCommandHandlers } from './sessions/command-handlers.ts'
import { createDrainer } from './sessions/drain.ts'
import { HostSessions } from './sessions/host-sessions.ts'
import { startUpkeep } from './sessions/upkeep.ts'
import { createTransfer } from './transfer/transfer.ts'
import { Visitors } from './visitors/visitors.ts'
import type { Driver, Log, Orchestrator, Volumes } from './vm/ports.ts'
import type { SessionDeps } from './vm/session-context.ts'
import { createWarmMarks } from './warm/marks.ts'
import { WarmPool } from './warm/warm-pool.ts'

export interface AgentDeps {
  readonly config: Config
  readonly paths: Paths
  readonly driver: Driver
  readonly volumes: Volumes
  readonly hostBootId: string
  readonly log: Log
}
export interface Agent {
  /** The HTTP port, also when the configuration says 0. */
  readonly port: number
  /** Lets every machine run on and closes everything else. */
  stop(): Promise<void>
}

interface Stores {
  readonly fences: Fences
  readonly hostState: HostState
  readonly ops: Ops
  readonly journal: ReturnType<typeof createJournal>
}

async function openStores({ paths, log }: AgentDeps): Promise<Stores> {
  await mkdir(paths.stateDir, { recursive: true, mode: 0o700 })
  await mkdir(paths.vmsDir, { recursive: true, mode: 0o700 })
  return {
    fences: await openFences(paths),
    hostState: await openHostState(paths),
    ops: createOps(paths),
    journal: createJournal({ paths, log }),
  }
}

/** Starts the agent on the parts it was given. It is ready when this returns. */
export async function startAgent(deps: AgentDeps): Promise<Agent> {
  const { config, log } = deps
  const stores = await openStores(deps)
  const bus = await connectBus(
    {
      host: config.HOST_ID,
      url: config.NATS_URL,
      nkeyFile: config.NATS_NKEY_FILE,
      triesMax: config.NATS_CONNECT_TRIES_MAX,
    },
    { clock, log },
  )
  try {
    await ensureStreams(bus.nats, { replicas: config.STREAM_REPLICAS }, { clock, log })
    return await runAgent(deps, stores, bus)
  } catch (thrown) {
    await bus.close()
    throw thrown
  }
}

async function runAgent(deps: AgentDeps, stores: Stores, bus: BusConnection): Promise<Agent> {
  const { config, log } = deps
  const orchestrator = createOrchestratorClient(bus, config.HOST_ID)
  const doors = await createLocalDoors(clock)
  const front = await openFront(deps, { bus, orchestrator, doors })
  const running = buildSessions(deps, { stores, bus, orchestrator, routes: front.routes })
  const { sessions, leases, warm, visitors } = running
  front.attach(running)

  await running.measureDisk()
  const records = await stores.journal.load()
  await warm.sweep(records)
  sessions.adopt(records)
  const ending = new AbortController()
  const drain = createDrainer({ sessions, hostState: stores.hostState, log })
  const commands = serveCommands(
    { bus, host: config.HOST_ID, log },
    createCommandHandlers({
      ...stores,
      sessions,
      session: running.session,
      onDrain: () => {
        drain()
        warm.makeRoom(() => false).catch((err) => log.error({ err }, 'warm machines remain'))
      },
      signal: ending.signal,
    }),
  )
  const placement = servePlacement({ bus, log }, (request) =>
    sessions.bidFor(request, config.HOST_ID),
  )
  // Ready means reachable: the server has our subscriptions.
  await bus.nats.flush()
  const beater = startBeating({ bus, host: config.HOST_ID, log }, async () =>
    makeBeat({ ...running, ...deps, ...stores, ...running.beat }, clock.now()),
  )
  running.onChange(beater.poke)
  bus.onReconnect(running.feeds.poke)
  leases.start()
  const { routes, noteOrphans } = front
  const chores = choresOf({ ...deps, ...running, clock, routes, ops: stores.ops, noteOrphans })
  const upkeep = startUpkeep(chores, { clock, log })
  const control = await serveControl(
    deps.paths.socket,
    createLocalSessions({
      ...{ sessions, doors, fences: stores.fences, paths: deps.paths, clock },
      ...{ base: config.workspaceBase, archiveFormat: config.ARCHIVE_FORMAT },
    }),
  )
  if (stores.hostState.isDraining) drain()
  log.info({ port: front.port, driver: deps.driver.name }, 'agent ready')

  return {
    port: front.port,
    async stop() {
      control.close()
      front.close()
      placement.stop()
      ending.abort()
      await visitors.close()
      await Promise.all([commands.stop(), warm.close(), upkeep.stop(), leases.stop()])
      beater.stop()
      await sessions.detach()
      await bus.close()
    },
  }
}

interface SessionParts {
  readonly stores: Stores
  readonly bus: BusConnection
  readonly orchestrator: Orchestrator
  readonly routes: RouteFiles
}

function buildSessions(deps: AgentDeps, parts: SessionParts) {
  const { config, paths, log } = deps
  const { stores, bus, orchestrator, routes } = parts
  const limits = measuredLimits({
    cpuTotal: config.CPU_TOTAL,
    cpuOvercommit: config.CPU_OVERCOMMIT,
    memoryMibTotal: config.MEMORY_MIB_TOTAL,
    diskMibKeepFree: config.DISK_MIB_KEEP_FREE,
    vmMax: config.VM_MAX,
  })
  let space: DiskSpace = { totalMib: 0, freeMib: 0 }
  let onChange = () => {}

  const feeds = createFeeds({
    ...{ host: config.HOST_ID, paths, clock, log },
    bus: createStreamBus(bus),
    publishMetric: (session, message) => {
      // Only the newest matters: nothing is kept for a time without a connection.
      if (!bus.isConnected()) return
      bus.nats.publish(subjects.metric(config.HOST_ID, session), JSON.stringify(message))
    },
  })
  const packed = new PackedFilesOnDisk(paths)
  const session: SessionDeps = {
    ...{ driver: deps.driver, volumes: deps.volumes, guest: guestClient, orchestrator, routes },
    ...{ journal: stores.journal, clock, log, paths, archiveFormat: config.ARCHIVE_FORMAT },
    transfer: createTransfer({ packed, clock, orchestrator }),
    packed,
    onChange: () => onChange(),
  }
  const warm: WarmPool = new WarmPool({
    ...{ driver: deps.driver, volumes: deps.volumes, guest: guestClient, clock, log },
    ...{ size: config.WARM_POOL_SIZE, spec: DEFAULT_MACHINE, marks: createWarmMarks(paths) },
    hasRoomBeside: (beside) => {
      const isFree = !stores.hostState.isDraining && !sessions.isBooting
      return isFree && sessions.isWithinLimits([...beside, DEFAULT_MACHINE])
    },
  })
  const sessions: HostSessions = new HostSessions({
    session,
    times: {
      checkpointEveryMs: config.CHECKPOINT_EVERY_MS,
      saveRetryMsMax: config.SAVE_RETRY_MS_MAX,
    },
    ...{ feeds, fences: stores.fences, holds: new Holds(clock), hostState: stores.hostState },
    ...{ limits, disk: () => space, warm },
    onAdopted: (id) => leases.noteHeld(id),
  })
  const leases = new LeaseKeeper({
    ...{ sessions, orchestrator, clock, log, deadManMs: config.DEAD_MAN_MS },
  })
  return {
    ...{ session, sessions, leases, feeds, warm },
    visitors: new Visitors({ sessions, orchestrator, guest: guestClient, clock, log }),
    beat: { host: config.HOST_ID, agentBootId: randomUUID(), limits, disk: () => space },
    measureDisk: async () => {
      space = await diskSpace(paths.vmsDir)
    },
    onChange: (listener: () => void) => {
      onChange = listener
    },
  }
}

interface FrontParts {
  readonly bus: BusConnection
  readonly orchestrator: Orchestrator
  readonly doors: LocalDoors
}

/** What the front asks about, once it is there. */
type Inside = Pick<ReturnType<typeof buildSessions>, 'sessions' | 'visitors'>

/** The HTTP side. It listens first: the routes need to know its port. */
async function openFront(deps: AgentDeps, { bus, orchestrator, doors }: FrontParts) {
  const { config, log } = deps
  let inside: Inside | null = null
  const sessions = () => inside?.sessions ?? null
  const metrics = createMetrics({ sessions, isConnected: bus.isConnected })
  const base = config.workspaceBase
  const server = createHttpServer({
    dashboardUrl: config.DASHBOARD_URL,
    enter: { base, orchestrator, redeemLocally: doors.redeem },
    checkAccess: createAccessCheck({
      ...{ base, clock },
      findRun: ({ slug }) => {
        const run = sessions()?.findBySlug(slug)?.vm.context.record
        return run && run.end === null ? run : null
      },
      admit: async (session, visitor) => {
        if (!inside) throw new VesselError('AUTH_DOWN')
        await inside.visitors.admit(session, visitor)
      },
    }),
    metrics,
    isReady: () => inside !== null && bus.isConnected(),
    log,
  })
  const port = await listen(server, config)
  const agentUrl = `http://${config.LISTEN_HOST}:${port}`
  const routes = createRouteFiles(config.ROUTES_DIR, { base, agentUrl })
  await routes.publishAsleep()
  return {
    port,
    routes,
    noteOrphans: metrics.noteOrphans,
    attach: (attached: Inside) => {
      inside = attached
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server, config: Config): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(config.PORT, config.LISTEN_HOST, resolve)
  await promise
  return (server.address() as AddressInfo).port
}
