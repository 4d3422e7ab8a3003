import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { formatDuration } from '../../lib/format-time.ts'
import { failureSentence, stepLabel } from '../session/state-words.ts'
import type { Progress } from './boot-progress.ts'
import type { StepRow } from './boot-steps.ts'

/** One line over the step list: what is happening, in words. */
export function bootHeadline(session: SessionView, rows: readonly StepRow[]): string {
  if (session.state === 'ready') return 'Ready'
  if (isEnded(session.state)) return 'It did not start'
  if (session.queuePosition !== null && session.state !== 'starting') {
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
