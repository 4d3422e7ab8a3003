import type { Clock } from './ports.ts'

export interface BatchLimits {
  readonly batchItemsMax: number
  readonly batchMs: number
  readonly batchBytesMax: number
}

export interface BatchDeps {
  readonly clock: Clock
  readonly limits: BatchLimits
  /** Urgent: it may not wait for anything, not even for what is about to be read. */
  readonly flush: (isUrgent: boolean) => void
}

/**
 * Decides when what has gathered is sent: after so many items, so many bytes or so much time since
 * it was last sent, whichever comes first. So an item that comes alone goes at once, and of many
 * none waits longer than that. An urgent item takes everything before it along, in order.
 */
export class Batch {
  readonly #deps: BatchDeps
  #items = 0
  #bytes = 0
  #timer: unknown = null
  #sentAtMs = Number.NEGATIVE_INFINITY

  constructor(deps: BatchDeps) {
    this.#deps = deps
  }

  add(bytes: number, isUrgent: boolean): void {
    this.#items += 1
    this.#bytes += bytes
    const { batchItemsMax, batchBytesMax, batchMs } = this.#deps.limits
    if (isUrgent || this.#items >= batchItemsMax || this.#bytes >= batchBytesMax) {
      this.#flush(isUrgent)
      return
    }
    if (this.#timer !== null) return
    const { clock } = this.#deps
    const waitMs = this.#sentAtMs + batchMs - clock.now()
    if (waitMs <= 0) this.#flush(false)
    // A clock that was set back must not keep anything for longer.
    else this.#timer = clock.setTimer(() => this.#flush(false), Math.min(waitMs, batchMs))
  }

  #flush(isUrgent: boolean): void {
    this.drop()
    this.#sentAtMs = this.#deps.clock.now()
    this.#deps.flush(isUrgent)
  }

  /** Forgets what has gathered and stops the timer. */
  drop(): void {
    if (this.#timer !== null) this.#deps.clock.clearTimer(this.#timer)
    this.#timer = null
    this.#items = 0
    this.#bytes = 0
  }
}
