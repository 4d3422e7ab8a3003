import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import type { SessionOnHost } from '@vessel/proto/events/beat'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import type { EndReason } from '@vessel/proto/reasons'
import type { StepName } from '@vessel/proto/steps'
import type { SessionFailure } from '../store/rows.ts'

/** How a run ended, in the words the user reads. */
export interface Ending {
  readonly reason: EndReason
  readonly failure: SessionFailure | null
}

type FailedEvent = Extract<LifecycleEvent, { type: 'failed' }>
interface Verdict {
  readonly reason: EndReason
  readonly code: ErrorCode
  readonly stage?: StepName
}

export function endingOf(source: SessionOnHost | Verdict): Ending {
  return 'session' in source ? endOnHost(source) : verdict(source)
}

function verdict({ reason, code, stage }: Verdict): Ending {
  const isRetryable = new VesselError(code).isRetryable
  const message = ERRORS[code].title
  return { reason, failure: { code, message, stage: stage ?? null, isRetryable } }
}

/** From the host's listing, where an event got lost or is still on its way. */
function endOnHost({ end }: SessionOnHost): Ending {
  if (!end) throw new VesselError('INTERNAL', { detail: 'the session has not ended' })
  if (!end.error) return { reason: end.reason, failure: null }
  const isRetryable = VesselError.fromShape(end.error).isRetryable
  return { reason: end.reason, failure: { ...end.error, stage: end.stage ?? null, isRetryable } }
}

export function endingOfEvent(event: FailedEvent): Ending {
  const { code, message, stage, isRetryable } = event
  return { reason: 'start_failed', failure: { code, message, stage, isRetryable } }
}
