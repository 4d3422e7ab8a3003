import { describe, expect, it } from '@jest/globals'
import { estimateProgress, pastBootOf } from './boot-progress.ts'
import type { StepRow, StepState } from './boot-steps.ts'

function row(step: StepRow['step'], state: StepState, elapsedMs: number | null = null): StepRow {
  return { step, label: step, state, elapsedMs, fraction: null }
}
const PAST = [{ journal: 100, boot: 1_000, ide: 900 }]

describe('the progress of a boot', () => {
  it('counts steps where nothing is known of earlier boots', () => {
    const rows = [row('journal', 'done', 1), row('boot', 'current', 5), row('ide', 'waiting')]
    expect(estimateProgress(rows, [])).toEqual({ fraction: 1 / 3, remainingMs: null })
  })

  it('weighs steps by what they took before', () => {
    const rows = [row('journal', 'done', 90), row('boot', 'current', 500), row('ide', 'waiting')]
    expect(estimateProgress(rows, PAST)).toEqual({ fraction: 0.3, remainingMs: 1_400 })
  })

  it('takes the middle of several earlier boots', () => {
    const rows = [row('boot', 'waiting'), row('ide', 'waiting')]
    const { remainingMs } = estimateProgress(rows, [...PAST, { boot: 3_000, ide: 1_100 }])
    expect(remainingMs).toBe(3_000)
  })

  it('waits before the end of a step that takes longer than ever', () => {
    const rows = [row('boot', 'current', 60_000)]
    expect(estimateProgress(rows, PAST).fraction).toBe(0.95)
  })

  it('believes a step that can tell', () => {
    const rows = [{ ...row('boot', 'current', 1), fraction: 0.5 }]
    expect(estimateProgress(rows, PAST).fraction).toBe(0.5)
  })

  it('is whole when all is done, with or without skipped steps', () => {
    const rows = [row('journal', 'skipped'), row('boot', 'done', 5), row('ide', 'done', 5)]
    expect(estimateProgress(rows, PAST).fraction).toBe(1)
    expect(estimateProgress(rows, []).fraction).toBe(1)
  })

  it('remembers what was done and forgets what was not', () => {
    expect(
      pastBootOf([row('boot', 'done', 7), row('ide', 'failed', 9), row('route', 'waiting')]),
    ).toEqual({
      boot: 7,
    })
  })
})
