import { z } from 'zod'
import { hostId, projectId, sessionId, sha256 } from './ids.ts'
import { machineSpec } from './machine.ts'

/** Published to every host at once: who has room? */
export const placeRequest = z.object({
  session: sessionId,
  project: projectId,
  spec: machineSpec,
  /** Lets a host say that it holds the archive already. */
  archiveSha256: sha256.nullable(),
})
export type PlaceRequest = z.infer<typeof placeRequest>

/** A host with room answers within BID_WITHIN_MS and holds it for HOLD_MS; others stay silent. */
export const bid = z.object({
  host: hostId,
  session: sessionId,
  memoryMibFree: z.int().nonnegative(),
  cpuFree: z.number(),
  vmCount: z.int().nonnegative(),
  isWarm: z.boolean(),
  isArchiveCached: z.boolean(),
})
export type Bid = z.infer<typeof bid>

export const BID_WITHIN_MS = 50
export const HOLD_MS = 5_000
/** A host boots at most this many machines at a time. */
export const BOOTS_PER_HOST_MAX = 3
/** The best of this many bids is taken. */
export const BIDS_WANTED = 3
