import type { SessionView } from '@vessel/proto/http/session-view'

/** The warning goes out this long before the machine is stopped. */
const WARN_BEFORE_MS = 5 * 60_000
/** Where the idle time is short, the warning must not fill it: it would always stand there. */
const SHARE_MAX = 1 / 3

/** The two moments of a session that its idle clock runs between. */
export type IdleTimes = Pick<SessionView, 'idleStopAt' | 'lastActivityAt'>

export function warnBeforeMs({ idleStopAt, lastActivityAt }: IdleTimes): number {
  if (idleStopAt === null || lastActivityAt === null) return WARN_BEFORE_MS
  const wholeMs = Date.parse(idleStopAt) - Date.parse(lastActivityAt)
  return Math.min(WARN_BEFORE_MS, Math.max(0, wholeMs) * SHARE_MAX)
}

export type IdleState =
  | { readonly kind: 'calm' }
  | { readonly kind: 'warning'; readonly remainingMs: number }
  /** The time is up here; the server, whose clock counts, has not said so yet. */
  | { readonly kind: 'due' }

/** Where a session stands between the last sign of life and its stop for idleness. */
export function idleState(times: IdleTimes, nowMs: number): IdleState {
  const { idleStopAt } = times
  if (idleStopAt === null) return { kind: 'calm' }
  const remainingMs = Date.parse(idleStopAt) - nowMs
  if (remainingMs > warnBeforeMs(times)) return { kind: 'calm' }
  return remainingMs > 0 ? { kind: 'warning', remainingMs } : { kind: 'due' }
}

const HOUR_MS = 3_600_000

/** For how long a machine can be kept awake; the server takes no more than the last. */
export const AWAKE_OPTIONS = [
  { label: '1 hour', ms: HOUR_MS },
  { label: '2 hours', ms: 2 * HOUR_MS },
  { label: '4 hours', ms: 4 * HOUR_MS },
  { label: '8 hours', ms: 8 * HOUR_MS },
] as const
