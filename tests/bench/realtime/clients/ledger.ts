import { micros } from '../support/micros.ts'
import type { Received } from './frame-reader.ts'

/** What one client was given, and when: each number once, and in order, or it is counted here. */
export class Ledger {
  readonly #seen = new Set<number>()
  readonly #replayUs: number[] = []
  #head = 0
  #backAtUs = 0
  doubled = 0
  disordered = 0
  resets = 0
  /** When its subscription last came to stand. */
  upAtUs = 0

  get size(): number {
    return this.#seen.size
  }

  /** How long after its return it was given what it had missed. */
  get replayUs(): readonly number[] {
    return this.#replayUs
  }

  has(seq: number): boolean {
    return this.#seen.has(seq)
  }

  back(): void {
    this.#backAtUs = micros()
  }

  reset(): void {
    this.resets += 1
    this.#seen.clear()
    this.#head = 0
  }

  add(items: readonly Received[]): void {
    const nowUs = micros()
    for (const { seq, dueUs } of items) {
      if (this.#seen.has(seq)) this.doubled += 1
      else if (seq < this.#head) this.disordered += 1
      this.#seen.add(seq)
      this.#head = Math.max(this.#head, seq)
      if (dueUs < this.#backAtUs) this.#replayUs.push(nowUs - this.#backAtUs)
    }
  }
}
