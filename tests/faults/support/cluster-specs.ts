import { dirname } from 'node:path'
import process from 'node:process'
import type { Ide } from '@vessel/local-stack/parts/ide/install-ide'
import { inRepository } from '@vessel/local-stack/parts/paths'
import type { Ports } from '@vessel/local-stack/parts/ports/ports'
import { urlsOf } from '@vessel/local-stack/parts/prepare'
import type { ServiceSpec } from '@vessel/local-stack/parts/process/child'
import { orchestratorSpec } from '@vessel/local-stack/parts/services/orchestrator-spec'
import {
  agentSpec,
  type Made,
  type Settings,
  type StoreKeys,
  supabaseSpec,
} from '@vessel/local-stack/parts/services/specs'
import type { StateDir } from '@vessel/local-stack/parts/state/state-dir'

/** Everything all members of a cluster share. */
export interface Ground {
  readonly state: StateDir
  readonly ports: Ports
  readonly made: Made
}

export interface HostPlace {
  readonly id: string
  readonly port: number
  /** Where it finds NATS: a proxy of its own. */
  readonly natsPort: number
  readonly nkeyFile: string
  readonly stateDir: string
  readonly routesDir: string
}

const NODE = process.execPath
const FAKE_IDE = inRepository('services/infra-agent/test/support/fake-ide.mjs')

function settingsOf(ground: Ground, ports: Ports, env: Settings['env']): Settings {
  return { state: ground.state, ports, urls: urlsOf(ground.ports), driver: 'process', env }
}

export function storeSpec(ground: Ground): ServiceSpec {
  const env = { supabase: { VESSEL_FAULTS: '1', LOG_LEVEL: 'warn' } }
  return supabaseSpec(settingsOf(ground, ground.ports, env))
}

export interface OrchestratorPlace {
  readonly name: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
  /** Loaded before its own code. */
  readonly preload?: string
}

export function orchestratorOf(
  ground: Ground,
  place: OrchestratorPlace,
  keys: StoreKeys,
): ServiceSpec {
  const orchestrator = {
    REQUESTS_PER_MINUTE_MAX: '1000000',
    // Several copies on one machine, whose figures nobody reads.
    METRICS_PORT: '0',
    SOCKET_DRAIN_MS: '100',
    ...place.env,
  }
  const ports = { ...ground.ports, orchestrator: place.port }
  const spec = orchestratorSpec(settingsOf(ground, ports, { orchestrator }), ground.made, keys)
  const preload = place.preload ? ['--import', place.preload] : []
  return { ...spec, name: place.name, args: [...preload, ...spec.args] }
}

export interface HostNeeds {
  readonly env: Readonly<Record<string, string>>
  readonly guestAgentFile: string
}

export function hostOf(ground: Ground, place: HostPlace, needs: HostNeeds): ServiceSpec {
  const { env, guestAgentFile } = needs
  const agent = {
    HOST_ID: place.id,
    NATS_URL: `nats://127.0.0.1:${place.natsPort}`,
    NATS_NKEY_FILE: place.nkeyFile,
    STATE_DIR: place.stateDir,
    ROUTES_DIR: place.routesDir,
    CPU_TOTAL: '64',
    MEMORY_MIB_TOTAL: '65536',
    DISK_MIB_KEEP_FREE: '0',
    CHECKPOINT_EVERY_MS: '3000',
    SAVE_RETRY_MS_MAX: '5000',
    SANDBOX_PATHS: [dirname(NODE), FAKE_IDE, guestAgentFile].join(':'),
    ...env,
  }
  const ports = { ...ground.ports, agent: place.port }
  // The page of VS Code is no part of what is tried here, and twenty of it are a day's work.
  const command = [NODE, FAKE_IDE, '{socket}']
  const ide: Ide = { root: dirname(NODE), node: NODE, command, healthPath: '/healthz' }
  const agentNeeds = { ide, guestAgentFile, goldenImage: null }
  const settings = settingsOf(ground, ports, { agent })
  return { ...agentSpec(settings, ground.made, agentNeeds), name: place.id }
}
