const BUCKET_US = 100
const BUCKETS = 600_000

/** Times by tenths of a millisecond up to a minute; those of many processes can be added up. */
export class Histogram {
  readonly counts: Uint32Array<ArrayBufferLike>

  constructor(counts: Uint32Array = new Uint32Array(BUCKETS)) {
    this.counts = counts
  }

  add(us: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(us / BUCKET_US)))
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
  }

  get size(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }

  /** In milliseconds; NaN when nothing was measured. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.size * share))
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.counts[bucket] ?? 0
      if (seen >= wanted) return ((bucket + 1) * BUCKET_US) / 1_000
    }
    return Number.NaN
  }

  static merge(parts: readonly Uint32Array[]): Histogram {
    const merged = new Histogram()
    for (const part of parts) {
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        const count = part[bucket]
        if (count) merged.counts[bucket] = (merged.counts[bucket] ?? 0) + count
      }
    }
    return merged
  }
}
