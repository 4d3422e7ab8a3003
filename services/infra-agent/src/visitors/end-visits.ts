import { VesselError } from '@vessel/proto/errors'
import type { VisitorId } from '@vessel/proto/ids'
import type { Guest, Log } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import { guestOf } from '../vm/session-context.ts'

export interface EndVisitsDeps {
  readonly guest: Pick<Guest, 'endVisits'>
  readonly log: Log
}

/** Ends what these visitors have open in the machine. Throws while the guest does not answer. */
export async function endVisits(
  visits: { readonly record: VmRecord; readonly visitors: readonly VisitorId[] },
  { guest, log }: EndVisitsDeps,
  signal: AbortSignal,
): Promise<void> {
  const { record, visitors } = visits
  const facts = { session: record.session, visitors }
  try {
    const count = await guest.endVisits(guestOf(record), visitors, signal)
    if (count > 0) log.info({ ...facts, count }, 'visits ended')
  } catch (thrown) {
    const isOldGuest = thrown instanceof VesselError && thrown.code === 'NOT_FOUND'
    if (!isOldGuest) throw thrown
    log.warn(facts, 'visits cannot be ended in a guest of this version')
  }
}
