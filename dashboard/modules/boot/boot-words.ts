import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { formatDuration } from '../../lib/format-time.ts'
import { failureSentence, stepLabel } from '../session/state-words.ts'
import type { Progress } from './boot-progress.ts'
import type { StepRow } from './boot-steps.ts'

export function isQueued({ queuePosition, state }: SessionView): boolean {
  return queuePosition !== null && state !== 'starting'
}

/** What becomes of a session in the queue, and who has to do something for it. */
export function queueWords({ waitsFor }: SessionView, isAdmin: boolean): string {
  const start = 'It starts by itself as soon as'
  if (waitsFor !== 'host') return `${start} a host has room. You may leave: your place is kept.`
  return isAdmin
    ? `${start} a host connects. How to start one is on the admin page.`
    : `${start} a host connects. Whoever runs this server has to start one; you may leave.`
}

/** One line over the step list: what is happening, in words. */
export function bootHeadline(session: SessionView, rows: readonly StepRow[]): string {
  if (session.state === 'ready') return 'Ready'
  if (isEnded(session.state)) return 'It did not start'
  if (isQueued(session)) {
    if (session.waitsFor === 'host') return 'No host is connected'
    return session.queuePosition === 1
      ? 'Waiting for room: you are next'
      : `Waiting for room: no. ${session.queuePosition} in the queue`
  }
  return rows.find((row) => row.state === 'current')?.label ?? 'Starting'
}

/** How long it may still take, said no more exactly than it is known. */
export function remainingWords({ remainingMs }: Progress): string | null {
  if (remainingMs === null) return null
  if (remainingMs < 1_500) return 'almost there'
  return `about ${Math.ceil(remainingMs / 1_000)} s left`
}

export interface FailureWords {
  /** The step that broke and how long it had run. */
  readonly where: string | null
  readonly reason: string
  /** What the machine itself said. */
  readonly detail: string | null
}

export function failureWords(session: SessionView, rows: readonly StepRow[]): FailureWords {
  const { failure } = session
  const failed = rows.find((row) => row.state === 'failed')
  const step = failure?.stage ?? failed?.step ?? null
  const elapsed = failed?.elapsedMs ?? null
  const after = elapsed === null ? '' : ` after ${formatDuration(elapsed)}`
  const reason = failureSentence(failure) ?? 'The machine could not be started.'
  return {
    where: step === null ? null : `${stepLabel(step)} failed${after}.`,
    reason,
    detail: failure && failure.message !== reason ? failure.message : null,
  }
}
