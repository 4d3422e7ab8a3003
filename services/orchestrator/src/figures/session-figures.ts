import type { SessionState } from '@vessel/proto/session-state'

/** A live session on its way, as far as figures are concerned. */
export interface Underway {
  readonly state: SessionState
  readonly deadlineAt: string | null
  readonly queuedAt: string | null
}

export interface SessionFigures {
  /** Live sessions by state; a state that nobody is in may be missing. */
  readonly counts: Readonly<Record<string, number>>
  readonly queued: number
  readonly queuedMsMax: number
  /** 0: every session keeps the deadline of its state. */
  readonly overdueMsMax: number
}

export function figuresOf(
  underway: readonly Underway[],
  counts: SessionFigures['counts'],
  nowMs: number,
): SessionFigures {
  const agesMs = (times: readonly (string | null)[]) =>
    times.filter((at) => at !== null).map((at) => Math.max(0, nowMs - Date.parse(at)))
  const queuedMs = agesMs(underway.map(({ queuedAt }) => queuedAt))
  const overdueMs = agesMs(underway.map(({ deadlineAt }) => deadlineAt))
  return {
    counts,
    queued: queuedMs.length,
    queuedMsMax: Math.max(0, ...queuedMs),
    overdueMsMax: Math.max(0, ...overdueMs),
  }
}
