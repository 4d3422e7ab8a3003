import type { Clock } from './types.ts'

export interface WatchdogDeps {
  readonly clock: Clock
  readonly sendPing: (id: number) => void
  readonly onLatency: (ms: number) => void
  /** Nothing came back: the connection is dead, whatever the platform says. */
  readonly onDead: () => void
}

/** How long an answer may take. A slow phone on a train stays connected; a dead one is noticed. */
const ANSWER_WITHIN_MS = 10_000

/**
 * Notices a connection that died without a word, as after sleep or a change of network: it asks
 * for a sign of life every so often, and at once when there is reason to doubt.
 */
export class Watchdog {
  readonly #deps: WatchdogDeps
  readonly #everyMs: number
  #nextId = 1
  #asked: { readonly id: number; readonly atMs: number } | null = null
  #askTimer: unknown = null
  #deadTimer: unknown = null

  constructor(deps: WatchdogDeps, everyMs: number) {
    this.#deps = deps
    this.#everyMs = everyMs
    this.#schedule()
  }

  /** Asks now, unless an answer is awaited already. */
  probe(): void {
    if (this.#asked) return
    const { clock } = this.#deps
    this.#asked = { id: this.#nextId, atMs: clock.now() }
    this.#nextId += 1
    this.#deadTimer = clock.setTimer(() => this.#deps.onDead(), ANSWER_WITHIN_MS)
    this.#deps.sendPing(this.#asked.id)
  }

  /** Any frame is a sign of life. */
  heard(): void {
    this.#deps.clock.clearTimer(this.#deadTimer)
  }

  pong(id: number | undefined): void {
    if (!this.#asked || id !== this.#asked.id) return
    this.#deps.onLatency(this.#deps.clock.now() - this.#asked.atMs)
    this.#asked = null
  }

  stop(): void {
    this.#deps.clock.clearTimer(this.#askTimer)
    this.#deps.clock.clearTimer(this.#deadTimer)
  }

  #schedule(): void {
    this.#askTimer = this.#deps.clock.setTimer(() => {
      this.probe()
      this.#schedule()
    }, this.#everyMs)
  }
}
