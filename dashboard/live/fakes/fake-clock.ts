import type { Clock } from '../types.ts'

interface Timer {
  readonly run: () => void
  readonly atMs: number
}

/** Time that passes only when it is told to. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000
  readonly #timers = new Set<Timer>()

  get waiting(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#nowMs
  }

  setTimer(run: () => void, ms: number): unknown {
    const timer = { run, atMs: this.#nowMs + ms }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Timer)
  }

  /** Runs what falls due in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms
    for (;;) {
      await settle()
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

/** Enough turns for a chain of promises that waits for nothing else. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}
