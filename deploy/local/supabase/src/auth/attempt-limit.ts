/** Wrong passwords for one account from one address, then a pause. */
export const FAILURES_MAX = 10
export const WINDOW_MS = 60_000
/** Accounts remembered at once; the oldest is forgotten first. */
const ENTRIES_MAX = 10_000

/** Counts failures only, so nobody who knows the password is ever stopped by their own logins. */
export class AttemptLimit {
  readonly #failures = new Map<string, { count: number; sinceMs: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  isBlocked(key: string): boolean {
    const entry = this.#failures.get(key)
    if (entry === undefined) return false
    if (this.#now() - entry.sinceMs >= WINDOW_MS) {
      this.#failures.delete(key)
      return false
    }
    return entry.count >= FAILURES_MAX
  }

  fail(key: string): void {
    const entry = this.#failures.get(key)
    const count = (entry?.count ?? 0) + 1
    this.#failures.set(key, { count, sinceMs: entry?.sinceMs ?? this.#now() })
    if (this.#failures.size <= ENTRIES_MAX) return
    const oldest = this.#failures.keys().next()
    if (!oldest.done) this.#failures.delete(oldest.value)
  }

  succeed(key: string): void {
    this.#failures.delete(key)
  }
}
