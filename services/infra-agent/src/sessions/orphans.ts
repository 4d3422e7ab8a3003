import type { SessionId } from '@vessel/proto/ids'

/** Something on the host that no record speaks of. */
export interface Orphan {
  readonly id: string
  readonly session: SessionId
}
export interface Sighting {
  readonly firstMs: number
  readonly count: number
}

/** What one look over the host found. */
export interface OrphanLook {
  readonly count: number
  readonly isBraked: boolean
}

export const QUARANTINE_MS = 600_000
/** One look may be wrong: a machine may be younger than the list of records it is compared with. */
export const SIGHTINGS_MIN = 2
/**
 * A pass that would remove more than this is more likely a fault of ours than that many orphans.
 */
export const BRAKE_COUNT = 5
export const BRAKE_SHARE = 0.2

export interface OrphanDecision<T extends Orphan> {
  readonly sightings: ReadonlyMap<string, Sighting>
  /** Seen for the first time: to be paused. */
  readonly quarantine: readonly T[]
  readonly destroy: readonly T[]
  /** True when the pass stopped itself and somebody must look. */
  readonly isBraked: boolean
}

/** What to do about orphans. Pure: the caller acts, and remembers the sightings. */
export function decideOrphans<T extends Orphan>(
  found: readonly T[],
  seen: ReadonlyMap<string, Sighting>,
  now: { ms: number; machineCount: number },
): OrphanDecision<T> {
  const sightings = new Map<string, Sighting>()
  for (const { id } of found) {
    const before = seen.get(id)
    sightings.set(id, { firstMs: before?.firstMs ?? now.ms, count: (before?.count ?? 0) + 1 })
  }
  const due = found.filter(({ id }) => {
    const sighting = sightings.get(id)
    if (!sighting || sighting.count < SIGHTINGS_MIN) return false
    return now.ms - sighting.firstMs >= QUARANTINE_MS
  })
  const isMany = due.length > BRAKE_COUNT || due.length > now.machineCount * BRAKE_SHARE
  // Of a handful of machines one is always more than a fifth: a single one may go.
  const isBraked = due.length > 1 && isMany
  return {
    sightings,
    quarantine: found.filter(({ id }) => !seen.has(id)),
    destroy: isBraked ? [] : due,
    isBraked,
  }
}
