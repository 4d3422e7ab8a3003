import { describe, expect, it } from '@jest/globals'
import { BOOT_STEP_ORDER, SAVE_STEP_ORDER } from '@vessel/proto/steps'
import type { StepProgress } from '../../live/feed-reducer.ts'
import { sampleSession } from '../../test/sample-views.ts'
import { listSteps } from './boot-steps.ts'

const NOW = Date.parse('2026-11-20T12:00:10.000Z')

function progress(step: StepProgress['step'], change: Partial<StepProgress> = {}): StepProgress {
  const startedAt = '2026-11-20T12:00:04.000Z'
  return {
    step,
    state: 'done',
    startedAt,
    durationMs: 500,
    fraction: null,
    detail: null,
    ...change,
  }
}

const list = (seen: StepProgress[], session = sampleSession({ state: 'starting' })) =>
  listSteps({ order: BOOT_STEP_ORDER, seen, session, nowMs: NOW })
const states = (rows: ReturnType<typeof list>) => rows.map(({ step, state }) => `${step} ${state}`)

describe('the list of steps', () => {
  it('begins with finding a host, ticking from the click', () => {
    const rows = list([], sampleSession({ state: 'placing' }))
    expect(rows[0]).toMatchObject({ step: 'place', state: 'current', elapsedMs: 10_000 })
    expect(rows.slice(1).every(({ state }) => state === 'waiting')).toBe(true)
  })

  it('closes finding a host when the first step of a host begins', () => {
    const rows = list([progress('journal')])
    expect(rows[0]).toMatchObject({ state: 'done', elapsedMs: 4_000 })
  })

  it('ticks the step at work and leaves the later ones waiting', () => {
    const rows = list([
      progress('journal'),
      progress('volume', { state: 'started', durationMs: null }),
    ])
    expect(rows[2]).toMatchObject({ step: 'volume', state: 'current', elapsedMs: 6_000 })
    expect(rows[3]?.state).toBe('waiting')
  })

  it('shows a step no driver spoke of as not needed', () => {
    expect(states(list([progress('journal'), progress('guest')]))).toContain('volume skipped')
  })

  it('gives a step that was skipped no time, however long ago that was', () => {
    const rows = list([progress('journal', { state: 'skipped', durationMs: null })])
    expect(rows[1]).toMatchObject({ step: 'journal', state: 'skipped', elapsedMs: null })
  })

  it('calls a step failed that was at work when the session ended', () => {
    const session = sampleSession({ state: 'failed', endedAt: '2026-11-20T12:00:06.000Z' })
    const rows = list([progress('ide', { state: 'started', durationMs: null })], session)
    expect(rows.find(({ step }) => step === 'ide')).toMatchObject({
      state: 'failed',
      elapsedMs: 2_000,
    })
  })

  it('never counts backwards when clocks differ', () => {
    const late = progress('journal', {
      state: 'started',
      durationMs: null,
      startedAt: '2026-11-20T12:09:00.000Z',
    })
    expect(list([late])[1]?.elapsedMs).toBe(0)
  })

  it('lists a save without a placement', () => {
    const session = sampleSession({ state: 'saving' })
    const rows = listSteps({ order: SAVE_STEP_ORDER, seen: [], session, nowMs: NOW })
    expect(rows.map(({ step }) => step)).toEqual(SAVE_STEP_ORDER)
    expect(rows.every(({ state }) => state === 'waiting')).toBe(true)
  })
})
