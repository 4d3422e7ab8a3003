import { describe, expect, it } from '@jest/globals'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { sampleProject, sampleSession } from '../../test/sample-views.ts'
import { failureReport, LAST_LINES } from './failure-report.ts'

const line = (number: number): FeedRow =>
  ({ kind: 'line', key: `${number}`, at: '', line: { text: `line ${number}` } }) as never

describe('the report of a failed start', () => {
  const session = sampleSession({
    state: 'failed',
    failure: {
      code: 'IDE_FAILED',
      message: 'the IDE exited with code 1',
      stage: 'ide',
      isRetryable: true,
    },
  })
  const report = failureReport({
    project: sampleProject({ name: 'API server' }),
    session,
    steps: [
      {
        step: 'ide',
        label: 'Starting VS Code',
        state: 'failed',
        elapsedMs: 4_200,
        fraction: null,
      },
    ],
    lines: Array.from({ length: 50 }, (_, index) => line(index + 1)),
  })

  it('names the step, how long it took, the code and the session', () => {
    expect(report).toContain('ide: failed, 4.2 s')
    expect(report).toContain('IDE_FAILED')
    expect(report).toContain(session.id)
  })

  it('ends with the last lines and no more of them', () => {
    expect(report).toContain('line 50')
    expect(report).not.toContain(`line ${50 - LAST_LINES}\n`)
  })
})
