import { markOf, readProcessTable } from '@vessel/infra-agent/testing/process-table'
import type { Cluster, Host } from './cluster.ts'
import { recordsOf } from './records.ts'
import type { HeadRow, Store } from './store.ts'

const LOOK_EVERY_MS = 500
/** An agent that was away needs this long to learn that its lease has passed on, and to pause. */
const FENCED_WITHIN_MS = 12_000

/** A machine that runs: its processes are there and it is not paused. */
interface RunningMachine {
  readonly host: string
  readonly project: string
  readonly session: string
  readonly epoch: number
}

async function machinesOf(host: Host, boots: ReadonlySet<string>): Promise<RunningMachine[]> {
  return (await recordsOf(host))
    .filter(({ bootId, isPaused }) => !isPaused && boots.has(bootId))
    .map(({ project, session, epoch }) => ({ host: host.id, project, session, epoch }))
}

async function runningMachines(cluster: Cluster): Promise<RunningMachine[]> {
  const marks = (await readProcessTable()).map(markOf).filter((mark) => mark !== null)
  const boots = new Set<string>(marks)
  return (await Promise.all(cluster.hosts.map((host) => machinesOf(host, boots)))).flat()
}

export interface Observed {
  readonly cluster: Cluster
  readonly store: Store
  /** Of this storm: what earlier ones left in the tables is not looked at again and again. */
  readonly projects: readonly string[]
}

/** Looks on while things break, and remembers what must never be. */
export class Observer {
  readonly violations: string[] = []
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #projects: readonly string[]
  readonly #heads = new Map<string, HeadRow>()
  readonly #upSinceMs = new Map<string, number>()
  #looking: Promise<void> | null = null
  #isOver = false

  constructor({ cluster, store, projects }: Observed) {
    this.#cluster = cluster
    this.#store = store
    this.#projects = projects
  }

  start(): void {
    this.#looking = this.#look()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#looking
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      this.#noteHosts()
      this.#checkOneMachine(await runningMachines(this.#cluster))
      await this.#checkHeads()
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  /** A host counts only while its agent runs and has had time to hear of its leases. */
  #noteHosts(): void {
    const nowMs = performance.now()
    for (const { id } of this.#cluster.hosts) {
      if (!this.#cluster.isUp(id)) this.#upSinceMs.delete(id)
      else if (!this.#upSinceMs.has(id)) this.#upSinceMs.set(id, nowMs)
    }
  }

  #mustBeFenced(host: string): boolean {
    const since = this.#upSinceMs.get(host)
    return since !== undefined && performance.now() - since > FENCED_WITHIN_MS
  }

  #checkOneMachine(machines: readonly RunningMachine[]): void {
    const runs = new Map<string, RunningMachine>()
    for (const machine of machines.filter(({ host }) => this.#mustBeFenced(host))) {
      const other = runs.get(machine.project)
      if (other) {
        const both = JSON.stringify([other, machine])
        this.#violate(`two machines of one project run unfenced: ${both}`)
      }
      runs.set(machine.project, machine)
    }
  }

  async #checkHeads(): Promise<void> {
    // A store that is frozen or refuses says nothing of its heads.
    const rows = await this.#store.headsOf(this.#projects).catch(() => [])
    for (const row of rows) {
      const before = this.#heads.get(row.id)
      if (before && isOlder(row, before)) {
        this.#violate(`a head went back: ${JSON.stringify([before, row])}`)
      }
      this.#heads.set(row.id, row)
    }
  }

  #violate(text: string): void {
    if (!this.violations.includes(text)) this.violations.push(text)
  }
}

export function isOlder(now: HeadRow, before: HeadRow): boolean {
  if (before.head_epoch === null || before.head_seq === null) return false
  if (now.head_epoch === null || now.head_seq === null) return true
  if (now.head_epoch !== before.head_epoch) return now.head_epoch < before.head_epoch
  return now.head_seq < before.head_seq
}
