import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { STEPS, type StepName } from '@vessel/proto/steps'
import { hasErrorCode } from '../host/files.ts'
import type { Clock, StepNote } from './ports.ts'

export interface StepWatch {
  /** Aborted when the plan is, or when the step made no progress for too long. */
  readonly signal: AbortSignal
  /** Every sign of life pushes the step's deadline away. */
  progress(note?: { fraction?: number; detail?: string }): void
}

/** One idempotent piece of work. It measures first, so a plan can be run again after a crash. */
export interface Step {
  readonly name: StepName
  /** What the failure is called when the cause has no better name. */
  readonly failureCode: ErrorCode
  isDone(signal: AbortSignal): Promise<boolean>
  run(watch: StepWatch): Promise<void>
}

export interface PlanDeps {
  readonly clock: Clock
  readonly onStep: (name: StepName, note: StepNote) => void
  /** Told of work that is still on its way when its plan is called off. */
  readonly onLeft?: (work: Promise<unknown>) => void
  /** Only tests shorten these. */
  readonly progressMs?: (name: StepName) => number
}

/** A plan stopped here, and why. */
export class StepFailed extends Error {
  readonly step: StepName
  readonly error: VesselError

  constructor(step: StepName, error: VesselError) {
    super(`step ${step} failed: ${error.message}`, { cause: error })
    this.name = 'StepFailed'
    this.step = step
    this.error = error
  }
}

/** Progress notes of one step are shown at most this often: they are for people. */
const PROGRESS_EVERY_MS = 250

/** Runs the steps in order and stops at the first that fails. Undoing is the caller's plan. */
export async function runPlan(
  steps: readonly Step[],
  signal: AbortSignal,
  deps: PlanDeps,
): Promise<void> {
  for (const step of steps) {
    try {
      signal.throwIfAborted()
      await runStep(step, signal, deps)
    } catch (thrown) {
      const reason = signal.aborted ? signal.reason : thrown
      const code = hasErrorCode(reason, 'ENOSPC') ? 'DISK_FULL' : step.failureCode
      const error = VesselError.from(reason, code)
      // Work that was called off, or that the next agent goes on with, has not failed.
      const isCalledOff = error.code === 'CANCELLED' || error.code === 'SHUTTING_DOWN'
      if (!isCalledOff) deps.onStep(step.name, { state: 'failed' })
      throw new StepFailed(step.name, error)
    }
  }
}

async function runStep(step: Step, signal: AbortSignal, deps: PlanDeps): Promise<void> {
  const stalled = new AbortController()
  const both = AbortSignal.any([signal, stalled.signal])
  const startedMs = deps.clock.monotonic()
  const limitMs = deps.progressMs?.(step.name) ?? STEPS[step.name].progressMs
  const onStall = () => stalled.abort(new VesselError('STEP_STALLED'))
  let timer = setTimeout(onStall, limitMs)
  let shownMs = startedMs

  const progress: StepWatch['progress'] = (note) => {
    clearTimeout(timer)
    timer = setTimeout(onStall, limitMs)
    if (note === undefined || deps.clock.monotonic() - shownMs < PROGRESS_EVERY_MS) return
    shownMs = deps.clock.monotonic()
    deps.onStep(step.name, { state: 'progress', ...note })
  }

  const left = deps.onLeft ?? (() => undefined)
  try {
    if (await endsWith(step.isDone(both), both, left)) {
      return deps.onStep(step.name, { state: 'skipped' })
    }
    deps.onStep(step.name, { state: 'started' })
    await endsWith(step.run({ signal: both, progress }), both, left)
    // The tools we drive answer "ok" for work they did not do, so their word is not enough.
    if (!(await endsWith(step.isDone(both), both, left))) {
      throw new VesselError(step.failureCode, {
        detail: 'the step reported success without effect',
      })
    }
    const durationMs = Math.round(deps.clock.monotonic() - startedMs)
    deps.onStep(step.name, { state: 'done', durationMs })
  } finally {
    clearTimeout(timer)
  }
}

/** Work that ignores its signal must not hold the plan up: the abort wins the race. */
async function endsWith<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onLeft: (work: Promise<unknown>) => void,
): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } catch (thrown) {
    if (signal.aborted) onLeft(work)
    throw thrown
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Whichever lost must not surface later as an unhandled rejection.
    work.catch(() => undefined)
    aborted.catch(() => undefined)
  }
}
