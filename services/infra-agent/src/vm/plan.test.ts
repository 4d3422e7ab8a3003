import { describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import type { StepName } from '@vessel/proto/steps'
import { type PlanDeps, runPlan, type Step, StepFailed } from './plan.ts'

const clock = { now: () => 0, monotonic: () => performance.now(), sleep: async () => {} }

function createNotes() {
  const notes: string[] = []
  const deps: PlanDeps = { clock, onStep: (name, { state }) => notes.push(`${name} ${state}`) }
  return { notes, deps }
}

function fakeStep(name: StepName, run: (self: { isDone: boolean }) => void | Promise<void>): Step {
  const self = { isDone: false }
  return {
    name,
    failureCode: 'BOOT_FAILED',
    isDone: async () => self.isDone,
    run: async () => run(self),
  }
}
const working = (name: StepName) =>
  fakeStep(name, (self) => {
    self.isDone = true
  })
const never = new AbortController().signal

describe('a plan', () => {
  it('does nothing the second time', async () => {
    const { notes, deps } = createNotes()
    const steps = [working('volume'), working('boot')]
    await runPlan(steps, never, deps)
    notes.length = 0
    await runPlan(steps, never, deps)
    expect(notes).toEqual(['volume skipped', 'boot skipped'])
  })

  it('fails at a step that reports success but changed nothing', async () => {
    const { notes, deps } = createNotes()
    const steps = [fakeStep('boot', () => {}), working('guest')]
    await expect(runPlan(steps, never, deps)).rejects.toMatchObject({ step: 'boot' })
    expect(notes).toEqual(['boot started', 'boot failed'])
  })

  it('runs no step after it is aborted', async () => {
    const { notes, deps } = createNotes()
    const ending = new AbortController()
    const steps = [
      fakeStep('volume', (self) => {
        self.isDone = true
        ending.abort(new VesselError('CANCELLED'))
      }),
      working('boot'),
    ]
    await expect(runPlan(steps, ending.signal, deps)).rejects.toBeInstanceOf(StepFailed)
    expect(notes.filter((note) => note.startsWith('boot'))).toEqual([])
  })

  it('keeps the code a step gave its failure, and names other failures itself', async () => {
    const { deps } = createNotes()
    const typed = fakeStep('boot', () => {
      throw new VesselError('DISK_FULL')
    })
    const untyped = fakeStep('boot', () => {
      throw new Error('tool said no')
    })
    await expect(runPlan([typed], never, deps)).rejects.toMatchObject({
      error: { code: 'DISK_FULL' },
    })
    await expect(runPlan([untyped], never, deps)).rejects.toMatchObject({
      error: { code: 'BOOT_FAILED', message: 'tool said no' },
    })
  })

  it('ends a step that makes no progress, also one that ignores its signal', async () => {
    const { deps } = createNotes()
    const stuck = fakeStep('boot', () => new Promise<void>(() => {}))
    const plan = runPlan([stuck], never, { ...deps, progressMs: () => 5 })
    await expect(plan).rejects.toMatchObject({ error: { code: 'STEP_STALLED' } })
  })
})
