import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { STEPS, type StepName } from '@vessel/proto/steps'
import type { StepProgress } from '../../live/feed-reducer.ts'

export type StepState = 'waiting' | 'current' | 'done' | 'skipped' | 'failed'

/** One line of the step list. */
export interface StepRow {
  readonly step: StepName
  readonly label: string
  readonly state: StepState
  /** How long it took, or has taken so far. Null while it waits, and when it was not needed. */
  readonly elapsedMs: number | null
  /** 0 to 1 where the step itself can tell. */
  readonly fraction: number | null
}

export interface StepsInput {
  readonly order: readonly StepName[]
  readonly seen: readonly StepProgress[]
  readonly session: SessionView
  readonly nowMs: number
}

const STATES: Record<StepProgress['state'], StepState> = {
  started: 'current',
  progress: 'current',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
}

const since = (at: string, nowMs: number): number => Math.max(0, nowMs - Date.parse(at))

/** Placement is the orchestrator's: no host tells of it, so it is read from the session. */
function placeRow({ session, seen }: StepsInput): StepProgress {
  const { createdAt } = session
  const isPlacing = session.state === 'requested' || session.state === 'placing'
  const endedAt = seen[0]?.startedAt ?? session.endedAt
  const base = { step: 'place', startedAt: createdAt, fraction: null, detail: null } as const
  if (isPlacing) return { ...base, state: 'started', durationMs: null }
  if (session.failure?.stage === 'place') {
    return { ...base, state: 'failed', durationMs: since(createdAt, Date.parse(endedAt ?? '')) }
  }
  return { ...base, state: 'done', durationMs: since(createdAt, Date.parse(endedAt ?? createdAt)) }
}

function elapsedOf(progress: StepProgress, isStuck: boolean, input: StepsInput): number {
  const untilMs = isStuck ? Date.parse(input.session.endedAt ?? '') : input.nowMs
  return progress.durationMs ?? since(progress.startedAt, untilMs || input.nowMs)
}

function rowOf(progress: StepProgress, input: StepsInput): StepRow {
  const state = STATES[progress.state]
  const isStuck = state === 'current' && isEnded(input.session.state)
  // A skipped step has no end of its own either: without this it would seem to go on for ever.
  const elapsedMs = state === 'skipped' ? null : elapsedOf(progress, isStuck, input)
  return {
    step: progress.step,
    label: STEPS[progress.step].label,
    // A step that never said how it ended did not end well when the session did not.
    state: isStuck ? 'failed' : state,
    elapsedMs,
    fraction: progress.fraction,
  }
}

/** Every step of a boot or a save, in order, as it stands now. */
export function listSteps(input: StepsInput): StepRow[] {
  const isBoot = input.order.includes('place')
  const placed = isBoot && !input.seen.some(({ step }) => step === 'place')
  const seen = placed ? [placeRow(input), ...input.seen] : input.seen
  const known = new Map(seen.map((progress) => [progress.step, progress]))
  const lastSeen = Math.max(-1, ...input.order.map((step, at) => (known.has(step) ? at : -1)))

  return input.order.map((step, at) => {
    const progress = known.get(step)
    if (progress) return rowOf(progress, input)
    // A driver that has no such step says nothing of it.
    const state = at < lastSeen ? 'skipped' : 'waiting'
    return { step, label: STEPS[step].label, state, elapsedMs: null, fraction: null }
  })
}
