import type { Clock } from './types.ts'

export interface TokenTimerDeps {
  readonly clock: Clock
  readonly refresh: () => void
}

/** A fresh token is sent this long before the old one runs out, clocks being what they are. */
const AHEAD_MS = 60_000
/** When tokens live shorter than that, or the auth library gives the old one again. */
const NOT_SOONER_THAN_MS = 5_000
/** Timers beyond 24 days fire at once in every browser. */
const NOT_LATER_THAN_MS = 24 * 3_600_000

/** Remembers to send a fresh token before the server closes for want of one. */
export class TokenTimer {
  readonly #deps: TokenTimerDeps
  #timer: unknown = null

  constructor(deps: TokenTimerDeps) {
    this.#deps = deps
  }

  arm(expiresInMs: number): void {
    this.stop()
    const wanted = Math.max(expiresInMs - AHEAD_MS, expiresInMs * 0.5, NOT_SOONER_THAN_MS)
    const ms = Math.min(wanted, NOT_LATER_THAN_MS)
    this.#timer = this.#deps.clock.setTimer(() => this.#deps.refresh(), ms)
  }

  stop(): void {
    this.#deps.clock.clearTimer(this.#timer)
    this.#timer = null
  }
}
