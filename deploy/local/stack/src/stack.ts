import { join, resolve } from 'node:path'
import process from 'node:process'
import { ensureDemoUser } from './demo-user.ts'
import { installGoldenImage } from './golden/golden-image.ts'
import { type Ide, installIde } from './ide/install-ide.ts'
import { ephemeralPorts, requireFree } from './ports/ports.ts'
import { prepare, readStoreKeys, urlsOf } from './prepare.ts'
import type { ServiceSpec } from './process/child.ts'
import { Fleet } from './process/fleet.ts'
import { runTool } from './process/run-tool.ts'
import { buildDashboard } from './services/build-dashboard.ts'
import { gatewaySpec } from './services/gateway-spec.ts'
import { buildGuestAgent } from './services/guest-agent.ts'
import { orchestratorSpec } from './services/orchestrator-spec.ts'
import {
  agentSpec,
  dashboardSpec,
  HOST_ID,
  type Made,
  natsSpec,
  redisSpec,
  type Settings,
  supabaseSpec,
} from './services/specs.ts'
import { endStrays } from './sessions/end-strays.ts'
import { openHost, saveSessions } from './sessions/save-sessions.ts'
import type { DemoLogin, ServiceName, Stack, StackKeys, StackOptions } from './stack-options.ts'
import { claimStateDir, type StateClaim } from './state/claim.ts'
import { openStateDir, type StateDir } from './state/state-dir.ts'

/** A save is a pack and an upload; a minute is plenty for what one machine holds. */
const SAVE_TIMEOUT_MS = 60_000
const SWEEP_TIMEOUT_MS = 30_000

/** Starts the whole product on this machine and keeps it running until `stop`. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const state = await openStateDir(resolve(options.stateDir))
  const claim = await claimStateDir(state.root, options.output.say)
  const fleet = new Fleet({ logsDir: state.folder('logs'), output: options.output, claim })
  const start = new StackStart(options, state, fleet)
  try {
    return await start.run(claim)
  } catch (error) {
    await start.abandon()
    await fleet.stopAll()
    await claim.release()
    throw error
  }
}

/** What is downloaded or built before services can start. */
interface Tools {
  readonly ide: Ide | null
  readonly guestAgentFile: string
  readonly goldenImage: string | null
  readonly dashboardServer: string
}

class StackStart {
  readonly #options: StackOptions
  readonly #state: StateDir
  readonly #fleet: Fleet
  readonly #abandoned = new AbortController()
  readonly #signal: AbortSignal
  #tools: Promise<unknown> = Promise.resolve()
  #agent: ServiceSpec | null = null

  constructor(options: StackOptions, state: StateDir, fleet: Fleet) {
    this.#options = options
    this.#state = state
    this.#fleet = fleet
    const own = this.#abandoned.signal
    this.#signal = options.signal ? AbortSignal.any([options.signal, own]) : own
  }

  /** Interrupts what is still being built and waits until it is cleaned up. */
  async abandon(): Promise<void> {
    this.#abandoned.abort(new Error('the start was given up'))
    await this.#tools.catch(() => undefined)
  }

  async run(claim: StateClaim): Promise<Stack> {
    const settings = await this.#settle()
    const made = await prepare(this.#state, settings.ports)
    const makingTools = this.#makeTools()
    this.#tools = makingTools
    // The long ones run beside each other; none needs another.
    const [tools] = await this.#all([
      makingTools,
      this.#start(natsSpec(settings)),
      this.#start(redisSpec(settings, made)),
      this.#start(supabaseSpec(settings)),
      this.#start(gatewaySpec(settings)),
    ])
    const keys = await readStoreKeys(this.#state)
    const [demo] = await this.#all([
      ensureDemoUser(this.#state, settings.urls.supabase, keys),
      this.#start(orchestratorSpec(settings, made, keys)),
      this.#start(dashboardSpec(settings, keys, tools.dashboardServer)),
    ])
    // An agent may not make the streams it writes to; by now an orchestrator has.
    await this.#startAgent(settings, made, tools)
    await claim.ready(settings.urls)
    return this.#handle({
      settings,
      made,
      claim,
      demo,
      keys: {
        supabaseAnonKey: keys.anonKey,
        supabaseServiceRoleKey: keys.serviceRoleKey,
        orchestratorNkeyFile: made.orchestratorNkeyFile,
        agentNkeyFile: made.agentNkeyFile,
      },
    })
  }

  async #startAgent(settings: Settings, made: Made, tools: Tools): Promise<void> {
    if (!tools.ide) return
    const { ide, guestAgentFile, goldenImage } = tools
    const spec = agentSpec(settings, made, { ide, guestAgentFile, goldenImage })
    this.#agent = spec
    await this.#all([this.#start(spec)])
    // It remembers that it was drained at the last stop.
    await openHost(this.#busAccess(settings, made))
  }

  #isWanted(name: ServiceName): boolean {
    return this.#options.only?.includes(name) ?? true
  }

  async #start(spec: ServiceSpec): Promise<void> {
    if (this.#isWanted(spec.name as ServiceName)) await this.#fleet.start(spec)
  }

  async #settle(): Promise<Settings> {
    const { ports: wanted, driver, env } = this.#options
    const ports = wanted === 'ephemeral' ? await ephemeralPorts() : wanted
    await requireFree(ports)
    const urls = urlsOf(ports)
    return { state: this.#state, ports, urls, driver: driver ?? 'process', env: env ?? {} }
  }

  /** Each is waited for even when another fails, so that none goes on unseen. */
  async #makeTools(): Promise<Tools> {
    const job = { say: this.#options.output.say, signal: this.#signal }
    const needsIde = this.#isWanted('agent')
    const guestAgent = needsIde ? buildGuestAgent(this.#state.root, this.#signal) : null
    const isVirtual = needsIde && this.#options.driver === 'qemu'
    const work = [
      needsIde ? installIde(job) : null,
      guestAgent,
      isVirtual ? guestAgent?.then((file) => installGoldenImage(file, job)) : null,
      this.#isWanted('dashboard') ? buildDashboard(job) : '',
    ] as const
    await Promise.allSettled(work)
    const [ide, guestAgentFile, goldenImage = null, dashboardServer] = await Promise.all(work)
    return { ide, guestAgentFile: guestAgentFile ?? '', goldenImage, dashboardServer }
  }

  /** Like Promise.all, but a wish to stop ends the wait at once. */
  async #all<T extends readonly unknown[]>(work: readonly [...{ [K in keyof T]: Promise<T[K]> }]) {
    const signal = this.#signal
    signal.throwIfAborted()
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return Promise.race([Promise.all(work) as Promise<T>, stopped])
  }

  #busAccess({ urls }: Settings, made: Made) {
    const { orchestratorNkeyFile } = made
    return { natsUrl: urls.nats, orchestratorNkeyFile, host: HOST_ID }
  }

  #handle(parts: {
    settings: Settings
    made: Made
    claim: StateClaim
    demo: DemoLogin
    keys: StackKeys
  }): Stack {
    const fleet = this.#fleet
    const { settings, made, claim } = parts
    let stopping: Promise<void> | null = null
    const stop = async () => {
      await this.#save(settings, made)
      await fleet.stopAll()
      const strays = await endStrays(join(this.#state.folder('agent')))
      if (strays > 0) this.#options.output.say(`ended ${strays} process(es) of unsaved sessions`)
      await this.#sweep()
      await claim.release()
    }
    return {
      urls: settings.urls,
      keys: parts.keys,
      demo: parts.demo,
      stateDir: this.#state.root,
      get pids() {
        return fleet.pids()
      },
      kill: (name, options) => fleet.kill(name, options?.isRevived ?? false),
      restart: (name) => fleet.restart(name),
      stop: () => {
        stopping ??= stop()
        return stopping
      },
    }
  }

  async #save(settings: Settings, made: Made): Promise<void> {
    if (!this.#isWanted('agent')) return
    const { say } = this.#options.output
    const timeoutMs = this.#options.saveTimeoutMs ?? SAVE_TIMEOUT_MS
    try {
      const left = await saveSessions(this.#busAccess(settings, made), { timeoutMs, say })
      for (const { slug, state } of left) {
        say(`${slug} was not saved in time (${state}); its files wait in ${this.#state.root}`)
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      say(`sessions could not be saved now (${why}); the next start takes them up`)
    }
  }

  /** Machines that were ended from outside leave taps and rules that only the agent knows. */
  async #sweep(): Promise<void> {
    if (!this.#agent || this.#options.driver !== 'qemu') return
    const { command, args, cwd, env } = this.#agent
    const tool = { command, args: [...args, 'sweep'], cwd, env, timeoutMs: SWEEP_TIMEOUT_MS }
    await runTool(tool).catch((error: Error) => {
      this.#options.output.say(`the network of machines is still there: ${error.message}`)
    })
  }
}

/** Where `make up` keeps its state when nothing else is said. */
export function usualStateDir(): string {
  return process.env.VESSEL_STATE_DIR || '.vessel'
}
