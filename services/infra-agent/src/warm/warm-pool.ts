import type { StartCommand } from '@vessel/proto/commands/start'
import type { SessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import type { Log } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import type { WarmMarks } from './marks.ts'
import {
  makeWarm,
  newPlace,
  type WarmDeps,
  type WarmMachine,
  type WarmPlace,
} from './warm-machine.ts'

export interface WarmPoolDeps extends WarmDeps {
  readonly size: number
  readonly spec: MachineSpec
  readonly marks: WarmMarks
  readonly log: Log
  /** Whether the host has room for one more beside these and is not busy with somebody's boot. */
  readonly hasRoomBeside: (warm: readonly MachineSpec[]) => boolean
}

const MAKE_WITHIN_MS = 180_000

/** Machines kept ready for whoever comes next. None is ever used twice. */
export class WarmPool {
  readonly #deps: WarmPoolDeps
  readonly #ready = new Map<SessionId, WarmMachine>()
  readonly #places = new Set<SessionId>()
  readonly #closing = new AbortController()
  #making: { readonly done: Promise<void>; readonly abort: AbortController } | null = null

  constructor(deps: WarmPoolDeps) {
    this.#deps = deps
  }

  /** What of the host's room they take; a session that needs it gets it. */
  specs(): MachineSpec[] {
    return Array.from(this.#places, () => this.#deps.spec)
  }

  get readyCount(): number {
    return this.#ready.size
  }

  owns(place: SessionId): boolean {
    return this.#places.has(place)
  }

  hasOneFor(spec: MachineSpec): boolean {
    return this.#ready.size > 0 && isSame(spec, this.#deps.spec)
  }

  /**
   * A machine for this session, or null. VS Code was started with no variables of anybody's, so a
   * project that has its own gets a machine of its own.
   */
  claim({ spec, environment }: StartCommand): WarmMachine | null {
    if (!isSame(spec, this.#deps.spec) || Object.keys(environment).length > 0) return null
    const [machine] = this.#ready.values()
    if (!machine) return null
    this.#ready.delete(machine.place)
    return machine
  }

  /** The session's record names the machine from now on: it is not ours any more. */
  async handOver({ place }: WarmMachine): Promise<void> {
    this.#places.delete(place)
    await this.#deps.marks.remove(place)
  }

  async destroy({ place, bootId }: WarmPlace): Promise<void> {
    const { driver, volumes, marks } = this.#deps
    this.#ready.delete(place)
    await driver.destroy({ session: place, bootId })
    await volumes.remove(place)
    await marks.remove(place)
    this.#places.delete(place)
  }

  /** At the start: what an agent before us left warm goes, unless a session had taken it. */
  async sweep(records: readonly VmRecord[]): Promise<void> {
    const taken = new Set(records.map(({ bootId }) => bootId))
    for (const left of await this.#deps.marks.all()) {
      if (taken.has(left.bootId)) await this.#deps.marks.remove(left.place)
      else await this.destroy(left)
    }
  }

  /** Makes room for somebody's boot, as long as there is anything to give up. */
  async makeRoom(isEnough: () => boolean): Promise<void> {
    if (!isEnough()) await this.#giveUpMaking()
    for (const machine of [...this.#ready.values()]) {
      if (isEnough()) return
      await this.destroy(machine)
    }
  }

  /** Called from time to time: drops what died, and makes one machine if there is room for it. */
  async refill(): Promise<void> {
    for (const machine of [...this.#ready.values()]) {
      if (!(await this.#deps.driver.isAlive(machine.machine))) await this.destroy(machine)
    }
    const isWanted = this.#places.size < this.#deps.size && !this.#closing.signal.aborted
    if (this.#making || !isWanted || !this.#deps.hasRoomBeside(this.specs())) return
    const abort = new AbortController()
    const done = this.#make(AbortSignal.any([abort.signal, this.#closing.signal])).finally(() => {
      this.#making = null
    })
    this.#making = { done, abort }
    await done
  }

  /** Nobody could find them later, so they end with us. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#making?.done
    for (const machine of [...this.#ready.values()]) await this.destroy(machine)
  }

  async #giveUpMaking(): Promise<void> {
    this.#making?.abort.abort()
    await this.#making?.done
  }

  async #make(signal: AbortSignal): Promise<void> {
    const { spec, marks, log } = this.#deps
    const place = newPlace()
    this.#places.add(place.place)
    try {
      await marks.add(place)
      const within = AbortSignal.any([signal, AbortSignal.timeout(MAKE_WITHIN_MS)])
      const machine = await makeWarm(place, { spec, signal: within }, this.#deps)
      signal.throwIfAborted()
      this.#ready.set(place.place, machine)
    } catch (thrown) {
      if (!signal.aborted) log.warn({ place: place.place, err: thrown }, 'no warm machine')
      await this.destroy(place)
    }
  }
}

function isSame(one: MachineSpec, other: MachineSpec): boolean {
  return (
    one.cpuCount === other.cpuCount &&
    one.memoryMib === other.memoryMib &&
    one.diskMib === other.diskMib
  )
}
