import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { GuestConfig } from '@vessel/proto/guest/api'
import { ChangeCounter } from './activity/change-counter.ts'
import { createTerminalInput } from './activity/terminal-input.ts'
import { createExec } from './exec/exec.ts'
import { createClone } from './git/clone.ts'
import { createGuestServer } from './http/server.ts'
import { createTokenCheck } from './http/token.ts'
import { fillCommand } from './ide/command.ts'
import { workspaceEnvironment } from './ide/environment.ts'
import { Ide } from './ide/ide.ts'
import { chooseSocket } from './ide/socket-path.ts'
import { identify } from './metrics/identify.ts'
import { createReporter, type Reporter } from './metrics/reporter.ts'
import { createSessionProcesses, SESSION_VARIABLE } from './metrics/session-processes.ts'
import { createSystemSampler } from './metrics/system-metrics.ts'
import { type ActivitySource, createProxy, type GatewayProxy } from './proxy/proxy.ts'
import { createUpstreams } from './proxy/upstream.ts'
import { createRoutes } from './routes.ts'
import { StreamHub } from './stream/hub.ts'
import { CODECS } from './workspace/codecs.ts'
import { loadIgnoreRules } from './workspace/load-ignore-rules.ts'
import { Workspace } from './workspace/workspace.ts'

export interface GuestAgentDeps {
  readonly config: GuestConfig
  readonly now: () => Date
  /** Facts of the process we run in; only `main.ts` reads them. */
  readonly host: {
    readonly pid: number
    readonly uid: number
    readonly user: string
    readonly path: string | undefined
    readonly temporaryDir: string
  }
  readonly logger: { error(fields: object, message: string): void }
}

export interface GuestAgent {
  /** Listens; the port is the real one where the configuration says 0. */
  start(): Promise<{ host: string; port: number }>
  /** Ends the IDE and every connection. */
  stop(): Promise<void>
}

/** Builds the agent of one machine from its parts. */
export async function createGuestAgent(deps: GuestAgentDeps): Promise<GuestAgent> {
  const { config, now, host } = deps
  const { workspaceDir, stateDir, homeDir } = config
  for (const dir of [stateDir, homeDir]) await mkdir(dir, { recursive: true, mode: 0o700 })
  await mkdir(workspaceDir, { recursive: true })

  const hub = new StreamHub({ now, identify })
  const warn = (text: string) => hub.log('guest', 'warn', text)
  const nowMs = () => performance.now()
  let port = config.listen.port
  const ownPort = () => port
  const mark = randomUUID()
  const environment = {
    ...workspaceEnvironment({ ...host, homeDir, environment: config.environment }),
    [SESSION_VARIABLE]: mark,
  }
  const tellActivity = (source: ActivitySource) =>
    hub.publish({ type: 'activity', timestamp: now().toISOString(), source })

  const changes = new ChangeCounter({
    ...{ root: workspaceDir, warn, nowMs },
    loadRules: () => loadIgnoreRules(workspaceDir, []),
    onActivity: () => tellActivity('files'),
  })
  const workspace = new Workspace({
    ...{ workspaceDir, stateDir, warn, codecs: CODECS },
    clone: createClone({ environment, say: (text) => hub.log('guest', 'info', text) }),
    onReady: () =>
      changes.start().catch((thrown) => warn(`changes are not counted: ${String(thrown)}`)),
  })
  const socket = await chooseSocket({ stateDir, ...host })
  const ide = createIde(config, { socket, environment, hub })
  const proxy = createProxy({
    ...{ ownPort, nowMs, onActivity: tellActivity },
    upstreams: createUpstreams(socket),
    whenIdeUp: (timeoutMs) => ide.whenUp(timeoutMs),
  })
  const reporter = createReporter({
    ...{ ownPort, now, warn },
    system: createSystemSampler({ nowMs, mountPoints: [...new Set(['/', workspaceDir])] }),
    terminals: createTerminalInput(),
    session: createSessionProcesses(host.pid, mark),
    publish: (message) => hub.publish(message),
  })
  const exec = createExec({ workspaceDir, environment })
  const server = createGuestServer({
    isAllowed: createTokenCheck(config.token),
    routes: createRoutes({ workspace, ide, hub, exec, changes, proxy }),
    proxy,
    onBug: (cause) => deps.logger.error({ err: cause }, 'request failed'),
  })
  return {
    start: async () => {
      await workspace.restore()
      port = await listen(server, config.listen)
      reporter.start()
      return { host: config.listen.host, port }
    },
    stop: () => stopAll({ server, reporter, proxy, hub, changes, ide }),
  }
}

function createIde(
  config: GuestConfig,
  parts: { socket: string; environment: Record<string, string>; hub: StreamHub },
): Ide {
  const userData = join(config.homeDir, '.vessel-ide')
  const places = { socket: parts.socket, workspace: config.workspaceDir, userData }
  const argv = fillCommand(config.ide.command, places)
  return new Ide({
    group: { argv, cwd: config.workspaceDir, env: parts.environment },
    socket: parts.socket,
    healthPath: config.ide.healthPath,
    pidFile: join(config.stateDir, 'ide.json'),
    log: (source, level, text) => parts.hub.log(source, level, text),
  })
}

function listen(server: Server, { host, port }: GuestConfig['listen']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

interface Parts {
  readonly server: Server
  readonly reporter: Reporter
  readonly proxy: GatewayProxy
  readonly hub: StreamHub
  readonly changes: ChangeCounter
  readonly ide: Ide
}

async function stopAll({ server, reporter, proxy, hub, changes, ide }: Parts): Promise<void> {
  reporter.stop()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  await Promise.all([ide.stop(), changes.stop()])
  hub.close()
  proxy.close()
  server.closeAllConnections()
  await closed
}
