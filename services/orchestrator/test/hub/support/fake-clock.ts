import type { Clock } from '../../../src/hub/ports.ts'

interface Timer {
  readonly run: () => void
  readonly atMs: number
}

/** Time that passes only when it is told to. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000
  #setBackMs = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#nowMs - this.#setBackMs
  }

  setTimer(run: () => void, ms: number): unknown {
    const timer = { run, atMs: this.#nowMs + ms }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Timer)
  }

  /** As an operator or a time server does: what is told changes, timers do not. */
  setBack(ms: number): void {
    this.#setBackMs += ms
  }

  get waiting(): number {
    return this.#timers.size
  }

  /** Runs what falls due, in order, timers set by timers included. */
  advance(ms: number): void {
    const end = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= end)
      const next = due.sort((one, other) => one.atMs - other.atMs)[0]
      if (!next) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = end
  }
}
