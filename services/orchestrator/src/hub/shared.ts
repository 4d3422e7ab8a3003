import type { Clock } from './ports.ts'

/** One holder's share of something. MUST be ended exactly once. */
export interface Lease<V> {
  readonly value: V
  end(): void
}

interface Held<V> {
  readonly value: V
  holders: number
  timer: unknown
}

export interface SharedDeps<V> {
  readonly clock: Clock
  /** How long it is kept after its last holder left. */
  readonly lingerMs: number
  readonly dispose: (value: V) => void
}

/** A class, not a closure: every subscription holds two. */
class SharedLease<V> implements Lease<V> {
  readonly #shared: Shared<V>
  readonly #key: string
  readonly #held: Held<V>

  constructor(shared: Shared<V>, key: string, held: Held<V>) {
    this.#shared = shared
    this.#key = key
    this.#held = held
  }

  get value(): V {
    return this.#held.value
  }

  end(): void {
    this.#shared.release(this.#key, this.#held)
  }
}

/** Things made for the first who needs them, shared by all, and ended after the last has left. */
export class Shared<V> {
  readonly #deps: SharedDeps<V>
  readonly #byKey = new Map<string, Held<V>>()

  constructor(deps: SharedDeps<V>) {
    this.#deps = deps
  }

  get size(): number {
    return this.#byKey.size
  }

  values(): V[] {
    return [...this.#byKey.values()].map(({ value }) => value)
  }

  /** Whether somebody holds it, or did until a moment ago. */
  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  acquire(key: string, make: () => V): Lease<V> {
    const held = this.#byKey.get(key) ?? this.#add(key, make())
    held.holders += 1
    if (held.timer !== null) this.#deps.clock.clearTimer(held.timer)
    held.timer = null

    return new SharedLease(this, key, held)
  }

  /** Ends one now, whoever holds it: the next to need it gets a new one. */
  drop(key: string): void {
    const held = this.#byKey.get(key)
    if (held) this.#end(key, held)
  }

  dropAll(): void {
    for (const key of [...this.#byKey.keys()]) this.drop(key)
  }

  #add(key: string, value: V): Held<V> {
    const held = { value, holders: 0, timer: null }
    this.#byKey.set(key, held)
    return held
  }

  /** For leases only. */
  release(key: string, held: Held<V>): void {
    held.holders -= 1
    if (held.holders === 0) this.#linger(key, held)
  }

  #linger(key: string, held: Held<V>): void {
    if (this.#byKey.get(key) !== held) return
    held.timer = this.#deps.clock.setTimer(() => this.#end(key, held), this.#deps.lingerMs)
  }

  #end(key: string, held: Held<V>): void {
    if (this.#byKey.get(key) !== held) return
    if (held.timer !== null) this.#deps.clock.clearTimer(held.timer)
    this.#byKey.delete(key)
    this.#deps.dispose(held.value)
  }
}
