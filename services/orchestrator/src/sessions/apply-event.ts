import type { StampedEvent } from '@vessel/proto/events/feed'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import { isEnded } from '@vessel/proto/session-state'
import type { SessionOverview } from '../store/rows.ts'
import { type CarryOutDeps, carryOut } from './carry-out.ts'
import { type Decision, ended } from './decide.ts'
import { endingOfEvent } from './ending.ts'
import type { Reconciler } from './reconciler.ts'

export interface ApplyEventDeps extends CarryOutDeps {
  readonly reconciler: Pick<Reconciler, 'nudge'>
}

/**
 * What a host tells, put into the state at once. It is a short cut: the same would follow from the
 * host's next beat, so a lost or doubled event changes nothing in the end.
 */
export async function applyEvent(stamped: StampedEvent, deps: ApplyEventDeps): Promise<void> {
  const { event, session: sessionId } = stamped
  const overview = await deps.store.overview(sessionId)
  if (!overview) return
  const { session } = overview
  // An event of a run that was given up must not touch the one that took its place.
  if (session.epoch !== event.epoch || session.hostId !== stamped.host) return

  if (event.type === 'saved') {
    if (event.result === 'unchanged') await deps.store.noteSaved(sessionId, event.epoch)
    deps.announcer.session(sessionId)
    return
  }
  if (isEnded(session.state)) return
  const decision = decisionOf(event, overview, stamped)
  if (!decision) return
  await carryOut(overview, decision, deps)
  deps.reconciler.nudge(sessionId)
}

function decisionOf(
  event: LifecycleEvent,
  overview: SessionOverview,
  { bootId }: StampedEvent,
): Decision | null {
  switch (event.type) {
    case 'ready':
      return overview.session.state === 'starting' ? { do: 'ready', bootId, ip: event.ip } : null
    case 'stopped':
      return ended(overview, { reason: event.reason, failure: null })
    case 'failed':
      return ended(overview, endingOfEvent(event))
    default:
      return null
  }
}
