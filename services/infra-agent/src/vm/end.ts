import { VesselError } from '@vessel/proto/errors'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import { destroyMachine } from '../steps/destroy-machine.ts'
import { healthOf } from '../steps/wait-for-guest.ts'
import { withdrawRoute } from '../steps/withdraw-route.ts'
import { runPlan, StepFailed } from './plan.ts'
import { saveOnce } from './save.ts'
import type { SessionContext } from './session-context.ts'
import { tellSteps } from './tell-step.ts'

/** Changes made while the last save ran are saved too, this many times before the door closes. */
const FINAL_ROUNDS_MAX = 3
const RETRY_MS_FIRST = 1_000

/** How long until the next try: doubled each time, never longer than the limit. */
export function retryDelayMs(attempt: number, maxMs: number): number {
  return Math.min(maxMs, RETRY_MS_FIRST * 2 ** Math.min(30, attempt - 1))
}

/** Whether there is anything of the user's that only exists here. */
export function mustSave(context: SessionContext): boolean {
  const { stop, readyAt, isSaved } = context.record
  return stop?.mode === 'save' && readyAt !== null && !isSaved
}

/** One try of the last save. Returns when the volume is not needed any more. */
export async function saveForGood(context: SessionContext, signal: AbortSignal): Promise<void> {
  for (let round = 1; round <= FINAL_ROUNDS_MAX; round += 1) {
    await saveOnce(context, 'final', signal)
    const health = await healthOf(context, signal)
    if (!health || health.changeCount === context.record.committed?.changeCount) break
  }
  await context.update({ isSaved: true })
}

/** Tells that a save did not work and when it will be tried again. */
export async function noteSaveFailure(
  context: SessionContext,
  thrown: unknown,
  retryInMs: number,
): Promise<void> {
  const error = thrown instanceof StepFailed ? thrown.error : VesselError.from(thrown)
  const attempt = context.record.saveAttempt + 1
  await context.update({ saveAttempt: attempt })
  await context.feed.event({
    type: 'save-failed',
    epoch: context.record.epoch,
    stage: thrown instanceof StepFailed ? thrown.step : 'pack',
    code: error.code,
    message: error.message.slice(0, 2_000),
    attempt,
    retryInMs,
  })
}

/** Unroute → destroy. MUST only be called once the files are committed or given up by the user. */
export async function takeDown(context: SessionContext, signal: AbortSignal): Promise<void> {
  await runPlan([withdrawRoute(context), destroyMachine(context)], signal, {
    clock: context.deps.clock,
    onStep: tellSteps(context),
  })
}

/** Writes the end down, tells it, and notes that it was told. */
export async function concludeSession(context: SessionContext): Promise<void> {
  const { record, deps } = context
  if (!record.end) {
    const failure = record.stop?.failure ?? null
    await context.update({
      end: {
        state: failure ? 'failed' : 'stopped',
        reason: record.stop?.reason ?? 'machine_died',
        at: new Date(deps.clock.now()).toISOString(),
        ...(failure ? { error: failure.error } : {}),
        isAnnounced: false,
      },
    })
  }
  const { end } = context.record
  if (!end || end.isAnnounced) return
  await context.feed.event(endEvent(context))
  await context.update({ end: { ...end, isAnnounced: true } })
}

function endEvent(context: SessionContext): LifecycleEvent {
  const { epoch, stop, end, isSaved } = context.record
  if (!stop?.failure) {
    return { type: 'stopped', epoch, reason: end?.reason ?? 'machine_died', isSaved }
  }
  const { stage, error } = stop.failure
  const { isRetryable } = VesselError.fromShape(error)
  return {
    type: 'failed',
    epoch,
    stage,
    code: error.code,
    message: error.message,
    isRetryable,
  }
}
