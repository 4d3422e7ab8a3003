import { describe, expect, it } from '@jest/globals'
import { sampleSession } from '../../test/sample-views.ts'
import type { StepRow } from './boot-steps.ts'
import { bootHeadline, failureWords, queueWords, remainingWords } from './boot-words.ts'

const CURRENT: StepRow = {
  step: 'ide',
  label: 'Starting VS Code',
  state: 'current',
  elapsedMs: 10,
  fraction: null,
}

describe('what a boot says of itself', () => {
  it('is the step at work', () => {
    expect(bootHeadline(sampleSession({ state: 'starting' }), [CURRENT])).toBe('Starting VS Code')
  })

  it('is the place in the queue while there is no room', () => {
    const queued = (queuePosition: number) =>
      bootHeadline(sampleSession({ state: 'placing', queuePosition }), [])
    expect(queued(4)).toBe('Waiting for room: no. 4 in the queue')
    expect(queued(1)).toBe('Waiting for room: you are next')
  })

  it('is that no host is there, which an operator has to mend', () => {
    const session = sampleSession({ state: 'placing', queuePosition: 1, waitsFor: 'host' })
    expect(bootHeadline(session, [])).toBe('No host is connected')
    expect(queueWords(session, false)).toContain('Whoever runs this server has to start one')
    expect(queueWords(session, true)).toContain('How to start one')
    expect(queueWords({ ...session, waitsFor: 'room' }, true)).toContain('a host has room')
  })

  it('says no more about the rest than is known', () => {
    expect(remainingWords({ fraction: 0, remainingMs: null })).toBeNull()
    expect(remainingWords({ fraction: 0, remainingMs: 3_200 })).toBe('about 4 s left')
    expect(remainingWords({ fraction: 0, remainingMs: 200 })).toBe('almost there')
  })
})

describe('a failed boot', () => {
  const failed: StepRow = { ...CURRENT, state: 'failed', elapsedMs: 4_211 }

  it('names the step, how long it ran, the reason and the words of the machine', () => {
    const session = sampleSession({
      state: 'failed',
      failure: { code: 'IDE_FAILED', message: 'exit 1', stage: 'ide', isRetryable: true },
    })
    expect(failureWords(session, [failed])).toEqual({
      where: 'Starting VS Code failed after 4.2 s.',
      reason: 'VS Code did not start.',
      detail: 'exit 1',
    })
  })

  it('has words even when nothing is known', () => {
    expect(failureWords(sampleSession({ state: 'failed' }), []).reason).not.toBe('')
  })
})
