import { join } from 'node:path'
import type { Output, ServiceName } from '../stack-options.ts'
import { SERVICE_NAMES } from '../stack-options.ts'
import type { StateClaim } from '../state/claim.ts'
import { type ServiceSpec, type SupervisedChild, superviseChild } from './child.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import type { ProcessIdentity } from './process-identity.ts'

export interface FleetDeps {
  readonly logsDir: string
  readonly output: Output
  readonly claim: StateClaim
}

/** All services of a stack, in the order they were started. */
export class Fleet {
  readonly #deps: FleetDeps
  readonly #children = new Map<string, SupervisedChild>()
  readonly #logs = new Map<string, LogFile>()
  #isStopping = false

  constructor(deps: FleetDeps) {
    this.#deps = deps
  }

  async start(spec: ServiceSpec): Promise<void> {
    if (this.#isStopping) throw new Error('the stack is stopping')
    const startedAt = performance.now()
    this.#logs.set(spec.name, openLogFile(join(this.#deps.logsDir, `${spec.name}.log`)))
    const child = superviseChild(spec, {
      line: (name, line) => {
        this.#logs.get(name)?.write(line)
        this.#deps.output.child(name, line)
      },
      notice: (name, text) => this.#deps.output.say(`${name} ${text}`),
      changed: () => this.#deps.claim.children(this.#identities()),
    })
    this.#children.set(spec.name, child)
    await child.start()
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    this.#deps.output.say(`${spec.name} is ready (${seconds} s)`)
  }

  pids(): Record<ServiceName, number | null> {
    const entries = SERVICE_NAMES.map((name) => [name, this.#children.get(name)?.pid ?? null])
    return Object.fromEntries(entries) as Record<ServiceName, number | null>
  }

  async kill(name: ServiceName, isRevived: boolean): Promise<void> {
    await this.#child(name).kill(isRevived)
  }

  async restart(name: ServiceName): Promise<void> {
    const child = this.#child(name)
    await child.stop()
    await child.start()
  }

  /** Stops the last started first, so that each still finds what it needs to end in order. */
  async stopAll(): Promise<void> {
    this.#isStopping = true
    for (const child of [...this.#children.values()].reverse()) await child.stop()
    for (const log of this.#logs.values()) log.close()
  }

  #child(name: ServiceName): SupervisedChild {
    const child = this.#children.get(name)
    if (!child) throw new Error(`${name} was never started`)
    return child
  }

  #identities(): Record<string, ProcessIdentity> {
    const entries = [...this.#children].flatMap(([name, { identity }]) =>
      identity ? [[name, identity] as const] : [],
    )
    return Object.fromEntries(entries)
  }
}
