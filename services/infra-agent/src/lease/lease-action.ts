import { LEASE_SELF_FENCE_MS } from '@vessel/proto/requests/renew-lease'

/**
 * What is known of one lease. Times are monotonic: a stepped wall clock must not fence or unfence.
 */
export interface LeaseView {
  readonly renewedMs: number
  readonly isPaused: boolean
  readonly isHeld: boolean
}
export type LeaseAction = 'none' | 'pause' | 'resume' | 'surrender'

/**
 * What follows from a lease. A host that cannot renew stops its machine before the orchestrator may
 * start the project elsewhere, so that two never run at once.
 */
export function leaseAction(
  lease: LeaseView,
  nowMs: number,
  fenceMs: number = LEASE_SELF_FENCE_MS,
): LeaseAction {
  if (!lease.isHeld) return 'surrender'
  const isOld = nowMs - lease.renewedMs >= fenceMs
  if (isOld) return lease.isPaused ? 'none' : 'pause'
  return lease.isPaused ? 'resume' : 'none'
}
