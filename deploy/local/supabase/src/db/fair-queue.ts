import { DatabaseUnavailable } from './pg-error.ts'

/** All callers together. At about 1 ms a request this is a second of waiting. */
export const WAITING_MAX = 2_000
/** One caller: many enough for a page that loads, too few to make everyone else wait. */
export const WAITING_PER_CALLER_MAX = 1_000

/**
 * Gives one place at a time, in turn between callers and not in order of arrival: someone with a
 * hundred requests waiting delays another by one of them, not by a hundred.
 */
export class FairQueue {
  readonly #lines = new Map<string, (() => void)[]>()
  #waiting = 0
  #isTaken = false

  get waiting(): number {
    return this.#waiting
  }

  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    await this.#take(caller)
    try {
      return await work()
    } finally {
      this.#giveBack()
    }
  }

  #take(caller: string): Promise<void> | undefined {
    if (!this.#isTaken) {
      this.#isTaken = true
      return undefined
    }
    const line = this.#lines.get(caller) ?? []
    if (this.#waiting >= WAITING_MAX || line.length >= WAITING_PER_CALLER_MAX) {
      throw new DatabaseUnavailable('queue-full', 'too many requests are waiting for the database')
    }
    this.#lines.set(caller, line)
    this.#waiting += 1
    return new Promise((resolve) => line.push(resolve))
  }

  #giveBack(): void {
    const first = this.#lines.entries().next()
    if (first.done) {
      this.#isTaken = false
      return
    }
    const [caller, line] = first.value
    const next = line.shift()
    // Whoever had a turn goes to the back of the round.
    this.#lines.delete(caller)
    if (line.length > 0) this.#lines.set(caller, line)
    this.#waiting -= 1
    next?.()
  }
}
