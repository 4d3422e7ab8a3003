import type { StepName } from '@vessel/proto/steps'
import type { StepRow } from './boot-steps.ts'

/** How long each step of one earlier boot of this project took. */
export type PastBoot = Readonly<Partial<Record<StepName, number>>>

export interface Progress {
  /** 0 to 1. */
  readonly fraction: number
  /** Time to ready, where earlier boots tell. */
  readonly remainingMs: number | null
}

/** A step that takes longer than ever before comes close to its end and waits there. */
const CURRENT_MAX = 0.95

function averages(past: readonly PastBoot[]): Map<StepName, number> {
  const sums = new Map<StepName, { total: number; count: number }>()
  for (const boot of past) {
    for (const [step, ms] of Object.entries(boot) as [StepName, number][]) {
      const known = sums.get(step) ?? { total: 0, count: 0 }
      sums.set(step, { total: known.total + ms, count: known.count + 1 })
    }
  }
  return new Map([...sums].map(([step, { total, count }]) => [step, total / count]))
}

/** How much of a step is behind us, 0 to 1. */
function shareDone(row: StepRow, expectedMs: number | undefined): number {
  if (row.state === 'done' || row.state === 'skipped') return 1
  if (row.state !== 'current') return 0
  if (row.fraction !== null) return Math.min(row.fraction, CURRENT_MAX)
  if (!expectedMs || row.elapsedMs === null) return 0
  return Math.min(row.elapsedMs / expectedMs, CURRENT_MAX)
}

/** Where a boot stands: by this project's own earlier boots, else by counting steps. */
export function estimateProgress(rows: readonly StepRow[], past: readonly PastBoot[]): Progress {
  const expected = averages(past)
  const known = rows.filter((row) => row.state !== 'skipped')
  if (known.length === 0) return { fraction: 0, remainingMs: null }
  if (expected.size === 0) {
    const done = known.reduce((sum, row) => sum + shareDone(row, undefined), 0)
    return { fraction: done / known.length, remainingMs: null }
  }
  let totalMs = 0
  let doneMs = 0
  for (const row of known) {
    // A step that is new to this project weighs a little, so that the bar never jumps back.
    const weightMs = expected.get(row.step) ?? 50
    totalMs += weightMs
    doneMs += weightMs * shareDone(row, weightMs)
  }
  return { fraction: totalMs === 0 ? 0 : doneMs / totalMs, remainingMs: totalMs - doneMs }
}

/** What a finished boot teaches about the next one. */
export function pastBootOf(rows: readonly StepRow[]): PastBoot {
  return Object.fromEntries(
    rows.flatMap((row) =>
      row.state === 'done' && row.elapsedMs !== null ? [[row.step, row.elapsedMs]] : [],
    ),
  )
}
