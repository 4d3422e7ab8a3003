import { join } from 'node:path'
import process from 'node:process'
import type { Ide } from '../ide/install-ide.ts'
import { inRepository, REPOSITORY } from '../paths.ts'
import type { Ports } from '../ports/ports.ts'
import type { ServiceSpec } from '../process/child.ts'
import { answersAt, greetsAt } from '../process/ready.ts'
import type { ServiceName, StackUrls } from '../stack-options.ts'
import type { StateDir } from '../state/state-dir.ts'

export const HOST_ID = 'h1'
/** PGlite closes its files; sessions' uploads under way get this long. */
const STORE_STOP_TIMEOUT_MS = 15_000
const AGENT_STOP_TIMEOUT_MS = 20_000

/** What the specifications are made from. */
export interface Settings {
  readonly state: StateDir
  readonly ports: Ports
  readonly urls: StackUrls
  readonly driver: string
  readonly env: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>
}

/** Keys and files that exist only once earlier services are up or tools have run. */
export interface Made {
  readonly redisPassword: string
  readonly redisUrl: string
  readonly orchestratorNkeyFile: string
  readonly agentNkeyFile: string
  readonly ticketKeyFile: string
}

/** Nothing of the launcher's own environment leaks in but what every program needs. */
export function baseEnvironment(): Record<string, string> {
  const kept = [
    ...['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME'],
    'NODE_COMPILE_CACHE',
  ]
  const entries = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(entries), NODE_OPTIONS: '--disable-warning=ExperimentalWarning' }
}

interface NodeService {
  readonly name: ServiceName
  readonly folder: string
  readonly readyUrl: string
  readonly env: Readonly<Record<string, string>>
  readonly stopTimeoutMs?: number
}

export function nodeService(settings: Settings, service: NodeService): ServiceSpec {
  const { name, folder, readyUrl, env, stopTimeoutMs } = service
  return {
    name,
    command: process.execPath,
    args: ['--conditions=development', inRepository(folder, 'src/main.ts')],
    cwd: inRepository(folder),
    env: { ...baseEnvironment(), LOG_LEVEL: 'info', ...env, ...settings.env[name] },
    isReady: answersAt(readyUrl),
    ...(stopTimeoutMs ? { stopTimeoutMs } : {}),
  }
}

export function natsSpec({ state, ports }: Settings): ServiceSpec {
  return {
    name: 'nats',
    command: 'nats-server',
    args: ['-c', join(state.folder('nats'), 'nats.conf')],
    cwd: state.folder('nats'),
    env: baseEnvironment(),
    isReady: greetsAt(ports.nats, 'INFO'),
  }
}

export function redisSpec({ state, ports }: Settings, made: Made): ServiceSpec {
  const question = `AUTH ${made.redisPassword}\r\nPING\r\n`
  return {
    name: 'redis',
    command: 'redis-server',
    args: [join(state.folder('redis'), 'redis.conf')],
    cwd: state.folder('redis'),
    env: baseEnvironment(),
    isReady: greetsAt(ports.redis, '+PONG', question),
  }
}

export function supabaseSpec(settings: Settings): ServiceSpec {
  const { state, ports, urls } = settings
  return nodeService(settings, {
    name: 'supabase',
    folder: 'deploy/local/supabase',
    readyUrl: `http://127.0.0.1:${ports.supabase}/readyz`,
    stopTimeoutMs: STORE_STOP_TIMEOUT_MS,
    env: {
      SUPABASE_PORT: String(ports.supabase),
      SUPABASE_DATA_DIR: state.folder('supabase'),
      SUPABASE_MIGRATIONS_DIR: inRepository('deploy/supabase/migrations'),
      SUPABASE_PUBLIC_URL: urls.supabase,
      SUPABASE_SITE_URL: urls.dashboard,
      SUPABASE_ALLOWED_ORIGINS: urls.dashboard,
    },
  })
}

export interface AgentNeeds {
  readonly ide: Ide
  readonly guestAgentFile: string
  /** Folder of the image; null where machines are processes. */
  readonly goldenImage: string | null
}

export function agentSpec(settings: Settings, made: Made, needs: AgentNeeds): ServiceSpec {
  const { state, ports, urls, driver } = settings
  const { ide, guestAgentFile, goldenImage } = needs
  return nodeService(settings, {
    name: 'agent',
    folder: 'services/infra-agent',
    readyUrl: `http://127.0.0.1:${ports.agent}/readyz`,
    stopTimeoutMs: AGENT_STOP_TIMEOUT_MS,
    env: {
      HOST_ID,
      NATS_URL: urls.nats,
      NATS_NKEY_FILE: made.agentNkeyFile,
      STATE_DIR: state.folder('agent'),
      ROUTES_DIR: state.folder('routes'),
      PORT: String(ports.agent),
      WORKSPACE_BASE_URL: urls.workspaces,
      DASHBOARD_URL: urls.dashboard,
      DRIVER: driver,
      ...machineSettings(),
      ...(goldenImage ? { GOLDEN_IMAGE: goldenImage } : processEnvironment(ide, guestAgentFile)),
    },
  })
}

/** How machines are run is for the operator to say: `QEMU_DNS=192.0.2.53 make up DRIVER=qemu`. */
function machineSettings(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('QEMU_'))
  return Object.fromEntries(own.map(([name, value]) => [name, value ?? '']))
}

function processEnvironment(ide: Ide, guestAgentFile: string): Record<string, string> {
  return {
    SANDBOX_PATHS: [ide.root, guestAgentFile].join(':'),
    GUEST_COMMAND: JSON.stringify([ide.node, guestAgentFile]),
    IDE_COMMAND: JSON.stringify(ide.command),
    IDE_HEALTH_PATH: ide.healthPath,
  }
}

export interface StoreKeys {
  readonly anonKey: string
  readonly serviceRoleKey: string
}

export function dashboardSpec(
  settings: Settings,
  keys: StoreKeys,
  serverFile: string,
): ServiceSpec {
  const { ports, urls } = settings
  return {
    name: 'dashboard',
    command: process.execPath,
    args: [serverFile],
    cwd: REPOSITORY,
    env: {
      ...baseEnvironment(),
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(ports.dashboard),
      HOSTNAME: '127.0.0.1',
      API_URL: urls.api,
      SUPABASE_URL: urls.supabase,
      SUPABASE_ANON_KEY: keys.anonKey,
      WORKSPACE_BASE_URL: urls.workspaces,
      ...settings.env.dashboard,
    },
    isReady: answersAt(`http://127.0.0.1:${ports.dashboard}/readyz`),
  }
}
