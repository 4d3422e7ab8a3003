import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { nkeyAt } from '@vessel/local-stack/parts/nats/nkeys'
import { renderNatsConfig } from '@vessel/local-stack/parts/nats/render-config'
import { agentUser, orchestratorUser } from '@vessel/local-stack/parts/nats/users'
import { PORTS, type Ports } from '@vessel/local-stack/parts/ports/ports'
import { prepare, readStoreKeys, urlsOf } from '@vessel/local-stack/parts/prepare'
import {
  type ServiceSpec,
  type SupervisedChild,
  superviseChild,
} from '@vessel/local-stack/parts/process/child'
import { buildGuestAgent } from '@vessel/local-stack/parts/services/guest-agent'
import { natsSpec, redisSpec, type StoreKeys } from '@vessel/local-stack/parts/services/specs'
import { endStrays } from '@vessel/local-stack/parts/sessions/end-strays'
import { openStateDir, type StateDir } from '@vessel/local-stack/parts/state/state-dir'
import type { Places } from '../../support/person.ts'
import { type Ground, type HostPlace, hostOf, orchestratorOf, storeSpec } from './cluster-specs.ts'
import { type NetProxy, startNetProxy } from './net-proxy.ts'
import { PortPool } from './port-pool.ts'

export interface ClusterOptions {
  readonly orchestrators?: number
  readonly hosts?: number
  readonly env?: {
    readonly orchestrator?: Readonly<Record<string, string>>
    readonly agent?: Readonly<Record<string, string>>
  }
  /** Loaded into each orchestrator before its own code. */
  readonly preload?: string
}

export interface Host extends HostPlace {
  readonly network: NetProxy
}

const LINES_KEPT = 20_000

/** Several orchestrators and hosts on one machine, each a process that can be hurt by its name. */
export class Cluster {
  readonly #members: ReadonlyMap<string, SupervisedChild>
  readonly #frozen = new Set<string>()
  readonly #lines: string[]
  readonly hosts: readonly Host[]
  readonly orchestrators: readonly string[]
  readonly keys: StoreKeys
  readonly ground: Ground

  constructor(parts: {
    members: ReadonlyMap<string, SupervisedChild>
    lines: string[]
    hosts: readonly Host[]
    orchestrators: readonly string[]
    keys: StoreKeys
    ground: Ground
  }) {
    this.#members = parts.members
    this.#lines = parts.lines
    this.hosts = parts.hosts
    this.orchestrators = parts.orchestrators
    this.keys = parts.keys
    this.ground = parts.ground
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const members = new Map<string, SupervisedChild>()
    try {
      return await startCluster(options, members)
    } catch (failure) {
      // Nobody has the cluster, so nobody else could stop what did start.
      await Promise.allSettled([...members.values()].map((member) => member.kill()))
      throw failure
    }
  }

  get storeUrl(): string {
    return urlsOf(this.ground.ports).supabase
  }

  /** The product as a person reaches it through one of its orchestrators. */
  placesBy(api: string): Places {
    const { dashboard, supabase } = urlsOf(this.ground.ports)
    return { urls: { api, supabase, dashboard }, keys: { supabaseAnonKey: this.keys.anonKey } }
  }

  log(): string {
    return this.#lines.join('\n')
  }

  /** kill -9; it stays down until it is started. */
  async kill(name: string): Promise<void> {
    await this.#member(name).kill()
    this.#frozen.delete(name)
  }

  /** An orderly end; it stays down until it is started. */
  async end(name: string): Promise<void> {
    await this.#member(name).stop()
  }

  async start(name: string): Promise<void> {
    await this.#member(name).start()
  }

  freeze(name: string): void {
    const { pid } = this.#member(name)
    if (!pid) return
    process.kill(pid, 'SIGSTOP')
    this.#frozen.add(name)
  }

  thaw(name: string): void {
    const { pid } = this.#member(name)
    if (pid && this.#frozen.delete(name)) process.kill(pid, 'SIGCONT')
  }

  isUp(name: string): boolean {
    return this.#member(name).pid !== null && !this.#frozen.has(name)
  }

  pid(name: string): number | null {
    return this.#member(name).pid
  }

  /** Everything runs and every network is whole again. */
  async healAll(): Promise<void> {
    for (const name of this.#members.keys()) this.thaw(name)
    for (const { network } of this.hosts) network.heal()
    await Promise.all([...this.#members.values()].map((member) => member.start()))
  }

  async stop(): Promise<void> {
    for (const name of this.#members.keys()) this.thaw(name)
    for (const member of [...this.#members.values()].reverse()) await member.kill()
    for (const { network, stateDir } of this.hosts) {
      await network.close()
      await endStrays(stateDir)
    }
    await rm(this.ground.state.root, { recursive: true, force: true })
  }

  #member(name: string): SupervisedChild {
    const member = this.#members.get(name)
    if (!member) throw new Error(`there is no ${name}`)
    return member
  }
}

async function placeHosts(
  state: StateDir,
  natsPort: number,
  ports: readonly number[],
): Promise<Host[]> {
  const placed = ports.map(async (port, index) => {
    const id = `h${index + 1}`
    const network = await startNetProxy(natsPort)
    const nkeyFile = state.secretFile(`agent-${id}.nk`)
    const folder = join(state.root, 'hosts', id)
    return {
      id,
      network,
      port,
      natsPort: network.port,
      nkeyFile,
      stateDir: join(folder, 'state'),
      routesDir: join(folder, 'routes'),
    }
  })
  return Promise.all(placed)
}

/** The server's users: the orchestrators share one, every host has its own. */
async function writeBusConfig(state: StateDir, port: number, hosts: readonly Host[]) {
  const orchestrator = await nkeyAt(state.secretFile('orchestrator.nk'))
  const agents = hosts.map(async ({ id, nkeyFile }) =>
    agentUser(id, (await nkeyAt(nkeyFile)).publicKey),
  )
  await renderNatsConfig({
    target: join(state.folder('nats'), 'nats.conf'),
    listen: `127.0.0.1:${port}`,
    storeDir: join(state.folder('nats'), 'store'),
    users: [await orchestratorUser(orchestrator.publicKey), ...(await Promise.all(agents))],
  })
}

async function findPorts(pool: PortPool): Promise<Ports> {
  const names = Object.keys(PORTS) as (keyof Ports)[]
  const ports = await pool.take(names.length)
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Ports
}

async function startCluster(
  options: ClusterOptions,
  members: Map<string, SupervisedChild>,
): Promise<Cluster> {
  const state = await openStateDir(await mkdtemp(join(tmpdir(), 'vessel-faults-')))
  const lines: string[] = []
  const start = (spec: ServiceSpec) => {
    const say = (text: string) => {
      lines.push(`${new Date().toISOString()} ${spec.name} ${text}`)
      if (lines.length > LINES_KEPT) lines.shift()
    }
    const events = {
      line: (_name: string, line: string) => say(line),
      notice: (_name: string, text: string) => say(text),
      changed: () => undefined,
    }
    const child = superviseChild(spec, events)
    members.set(spec.name, child)
    return child.start()
  }

  const pool = new PortPool()
  const ports = await findPorts(pool)
  const made = await prepare(state, ports)
  const ground: Ground = { state, ports, made }
  const hosts = await placeHosts(state, ports.nats, await pool.take(options.hosts ?? 3))
  await writeBusConfig(state, ports.nats, hosts)
  const guestAgentFile = await buildGuestAgent(state.root, undefined)
  const settings = { ...ground, urls: urlsOf(ports), driver: 'process', env: {} }
  await Promise.all([start(natsSpec(settings)), start(redisSpec(settings, made))])
  await start(storeSpec(ground))
  const keys = await readStoreKeys(state)

  const apiPorts = await pool.take(options.orchestrators ?? 2)
  for (const [index, port] of apiPorts.entries()) {
    const env = options.env?.orchestrator ?? {}
    const preload = options.preload ? { preload: options.preload } : {}
    const place = { name: `o${index + 1}`, port, env, ...preload }
    await start(orchestratorOf(ground, place, keys))
  }
  const needs = { env: options.env?.agent ?? {}, guestAgentFile }
  for (const host of hosts) await start(hostOf(ground, host, needs))
  const orchestrators = apiPorts.map((port) => `http://127.0.0.1:${port}`)
  return new Cluster({ members, lines, hosts, orchestrators, keys, ground })
}
