/**
 * So many commands a minute per key, with a burst of as many: a token bucket. Only what a client
 * sends is counted, never what it is sent.
 */
export class Limiter {
  readonly #perMinute: number
  readonly #buckets = new Map<string, { left: number; atMs: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  get size(): number {
    return this.#buckets.size
  }

  take(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? { left: this.#perMinute, atMs: nowMs }
    bucket.left = this.#refilled(bucket, nowMs)
    bucket.atMs = nowMs
    this.#buckets.set(key, bucket)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }

  /** Forgets the buckets that are full again: they say nothing. */
  sweep(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#refilled(bucket, nowMs) >= this.#perMinute) this.#buckets.delete(key)
    }
  }

  #refilled(bucket: { left: number; atMs: number }, nowMs: number): number {
    const gained = ((nowMs - bucket.atMs) / 60_000) * this.#perMinute
    return Math.min(this.#perMinute, bucket.left + Math.max(0, gained))
  }
}
