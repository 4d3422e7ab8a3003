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
 * Decides when what has gathered is sent: after so many items, so many bytes or so much time,
 * whichever comes first. An urgent item takes everything before it along at once, in order.
 */
export class Batch {
  readonly #deps: BatchDeps
  #items = 0
  #bytes = 0
  #timer: unknown = null

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
    this.#timer ??= this.#deps.clock.setTimer(() => this.#flush(false), batchMs)
  }

  #flush(isUrgent: boolean): void {
    this.drop()
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
