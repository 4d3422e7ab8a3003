import type { BootId } from '@vessel/proto/ids'
import type { EndReason } from '@vessel/proto/reasons'
import type { SessionState } from '@vessel/proto/session-state'
import type { SessionFailure, SessionOverview } from '../store/rows.ts'
import { idleStopAt } from '../views/session-view.ts'
import { type Ending, endingOf } from './ending.ts'
import { SESSION_LIMITS as LIMITS } from './limits.ts'
import type { HostPresence } from './presence.ts'

/** What is done next with a session. It follows from what is, never from what is remembered. */
export type Decision =
  | {
      readonly do: 'move'
      readonly to: SessionState
      readonly end?: Ending
      /** The host has nothing of it any more: the project may be opened again at once. */
      readonly isGone?: boolean
    }
  | { readonly do: 'ready'; readonly bootId: BootId; readonly ip: string }
  | { readonly do: 'place' }
  | { readonly do: 'start' }
  /** The run looks for another host; its lease is free at once if the host has nothing of it. */
  | { readonly do: 'place-again'; readonly isGone: boolean }
  /** Tells the host to end it. */
  | { readonly do: 'stop'; readonly mode: 'save' | 'discard'; readonly reason: EndReason }
  | { readonly do: 'want-stop'; readonly reason: EndReason }
  /** Gives up a run whose lease is over; looks again while it is not. */
  | { readonly do: 'give-up'; readonly to: SessionState; readonly end: Ending }
  | { readonly do: 'touch'; readonly at: Date }
  | { readonly do: 'wait'; readonly ms: number }

export interface Facts {
  readonly nowMs: number
  /** Null for a session without a host, and while we hear nobody ourselves. */
  readonly host: HostPresence | null
  readonly idleStopMs: number
  readonly maxLifeMs: number
}

const wait = (ms: number): Decision => ({ do: 'wait', ms })

type Judge = (overview: SessionOverview, facts: Facts) => Decision

const JUDGES: Record<SessionState, Judge> = {
  requested: judgeRequested,
  placing: judgePlacing,
  starting: judgeStarting,
  ready: judgeReady,
  saving: judgeSaving,
  stopped: () => wait(LIMITS.readyLookMs),
  failed: () => wait(LIMITS.readyLookMs),
  lost: () => wait(LIMITS.readyLookMs),
}

export function decide(overview: SessionOverview, facts: Facts): Decision {
  return JUDGES[overview.session.state](overview, facts)
}

function judgeRequested({ session }: SessionOverview): Decision {
  if (session.stopMode) return cancelled(session.stopReason)
  return { do: 'move', to: 'placing' }
}

function judgePlacing({ session }: SessionOverview, facts: Facts): Decision {
  if (session.stopMode) return cancelled(session.stopReason)
  const queuedMs = session.queuedAt ? facts.nowMs - Date.parse(session.queuedAt) : 0
  if (queuedMs > LIMITS.queueMaxMs) {
    return fail(session.waitsFor === 'host' ? 'NO_HOSTS' : 'NO_ROOM', 'no_room_in_time')
  }
  if (isOverdue(session.deadlineAt, facts)) return fail('PLACEMENT_FAILED', 'no_room_in_time')
  if (session.attempts >= LIMITS.placeAttemptsMax) return fail('PLACEMENT_FAILED', 'start_failed')
  return { do: 'place' }
}

function judgeStarting(overview: SessionOverview, facts: Facts): Decision {
  const { session } = overview
  const onHost = listed(overview, facts)
  if (onHost?.end) return ended(overview, endingOf(onHost))
  if (session.stopMode) return stopAsWished(overview)
  if (onHost?.readyAt && onHost.ip) {
    return { do: 'ready', bootId: onHost.bootId, ip: onHost.ip }
  }
  if (isOverdue(session.deadlineAt, facts)) return { do: 'want-stop', reason: 'deadline' }
  if (isHostLost(facts)) {
    const isLast = session.attempts >= LIMITS.bootAttemptsMax
    return isLast ? giveUp('failed', hostLost()) : { do: 'place-again', isGone: false }
  }
  if (!session.bootId) return { do: 'start' }
  if (isUnlisted(overview, facts)) return ended(overview, machineDied())
  return wait(LIMITS.startLookMs)
}

function judgeReady(overview: SessionOverview, facts: Facts): Decision {
  const { session } = overview
  const onHost = listed(overview, facts)
  if (onHost?.end) return ended(overview, endingOf(onHost))
  if (session.stopMode) return stopAsWished(overview)
  if (isHostLost(facts)) return giveUp('lost', hostLost())
  if (isUnlisted(overview, facts)) return giveUp('lost', machineDied())

  const seenAt = onHost?.lastActivityAt ? Date.parse(onHost.lastActivityAt) : 0
  const knownAt = session.lastActivityAt ? Date.parse(session.lastActivityAt) : 0
  if (seenAt - knownAt > LIMITS.touchEveryMs) return { do: 'touch', at: new Date(seenAt) }

  const ageMs = session.readyAt ? facts.nowMs - Date.parse(session.readyAt) : 0
  if (ageMs > facts.maxLifeMs) return { do: 'want-stop', reason: 'max_life' }
  const idleAt = idleStopAt(overview, facts.idleStopMs)?.getTime() ?? Number.POSITIVE_INFINITY
  if (facts.nowMs >= idleAt) return { do: 'want-stop', reason: 'idle' }
  return wait(Math.min(LIMITS.readyLookMs, idleAt - facts.nowMs))
}

function judgeSaving(overview: SessionOverview, facts: Facts): Decision {
  const { session } = overview
  const onHost = listed(overview, facts)
  if (onHost?.end) return ended(overview, endingOf(onHost))
  if (isOverdue(session.deadlineAt, facts)) return fail('COMMIT_FAILED', 'save_failed')
  if (isHostLost(facts)) return giveUp('lost', hostLost())
  if (isUnlisted(overview, facts)) return giveUp('lost', machineDied())
  // Asking again is harmless, and needed when the first try was not heard.
  const isHeard = onHost !== null && onHost.state !== 'ready' && onHost.state !== 'starting'
  return isHeard ? wait(LIMITS.savingLookMs) : stopAsWished(overview)
}

/** Before there is a machine, to stop is to forget. */
function cancelled(reason: EndReason | null): Decision {
  return { do: 'move', to: 'stopped', end: { reason: reason ?? 'cancelled', failure: null } }
}

function stopAsWished({ session }: SessionOverview): Decision {
  return {
    do: 'stop',
    mode: session.stopMode ?? 'save',
    reason: session.stopReason ?? 'user_exit',
  }
}

/** What follows when the host says that the run is over. */
export function ended({ session }: SessionOverview, ending: Ending): Decision {
  const failure = ending.reason === 'deadline' ? TOO_SLOW : ending.failure
  if (!failure) return { do: 'move', to: 'stopped', end: ending }
  const mayTryAgain =
    session.state === 'starting' &&
    !session.stopMode &&
    failure.isRetryable &&
    session.attempts < LIMITS.bootAttemptsMax
  if (mayTryAgain) return { do: 'place-again', isGone: true }
  return { do: 'move', to: 'failed', end: { reason: ending.reason, failure }, isGone: true }
}

function giveUp(to: SessionState, end: Ending): Decision {
  return { do: 'give-up', to, end }
}

function fail(code: SessionFailure['code'], reason: EndReason): Decision {
  return { do: 'move', to: 'failed', end: endingOf({ reason, code }) }
}

const hostLost = (): Ending => endingOf({ reason: 'host_lost', code: 'HOST_UNREACHABLE' })
const TOO_SLOW = endingOf({ reason: 'deadline', code: 'STEP_STALLED' }).failure
const machineDied = (): Ending => endingOf({ reason: 'machine_died', code: 'MACHINE_DIED' })

/** The session on its host, if that is this run of it and not an older one. */
function listed({ session }: SessionOverview, { host }: Facts) {
  return host?.session && host.session.epoch === session.epoch ? host.session : null
}

function isOverdue(deadlineAt: string | null, { nowMs }: Facts): boolean {
  return deadlineAt !== null && Date.parse(deadlineAt) < nowMs
}

function isHostLost({ host }: Facts): boolean {
  return host !== null && host.silentMs > LIMITS.hostLostMs
}

/** The host beats, knows nothing of this run, and has had the time to. */
function isUnlisted(overview: SessionOverview, facts: Facts): boolean {
  const { host } = facts
  if (!host || host.heardAtMs === null || listed(overview, facts)) return false
  return host.heardAtMs - Date.parse(overview.session.stateSince) > LIMITS.unlistedMs
}
