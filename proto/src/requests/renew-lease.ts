import { z } from 'zod'
import { epoch, sessionId } from '../ids.ts'
import { defineRequest } from '../message.ts'

/** Renews a host's leases. A host that cannot renew pauses its machines before they pass on. */
export const renewLease = defineRequest('renew-lease', 'Renew the leases a host holds.', {
  request: z.object({ sessions: z.array(z.object({ session: sessionId, epoch })).max(1_000) }),
  reply: z.object({
    leases: z.array(
      z.object({ session: sessionId, isHeld: z.boolean(), leaseMs: z.int().nonnegative() }),
    ),
  }),
})

export const LEASE_MS = 30_000
export const LEASE_RENEW_EVERY_MS = 5_000
/** Without a renewal for this long (monotonic), the agent pauses the machine. */
export const LEASE_SELF_FENCE_MS = 20_000
/** Beyond the lease, the orchestrator waits this long before it starts the project elsewhere. */
export const LEASE_GRACE_MS = 10_000
