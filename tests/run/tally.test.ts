import { describe, expect, it } from '@jest/globals'
import { tallyOfJest } from './tally.ts'

const report = (passed: number, failed: number, broken: number) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numRuntimeErrorTestSuites: broken,
  })

describe('tallyOfJest', () => {
  it.each([
    ['counts tests', report(7, 2, 0), 1, { passed: 7, failed: 2 }],
    [
      'counts a suite that could not run as a failure',
      report(7, 0, 1),
      1,
      { passed: 7, failed: 1 },
    ],
    ['counts a crash without a report as a failure', '', 1, { passed: 0, failed: 1 }],
    ['counts an empty report as a failure', '{}', 0, { passed: 0, failed: 1 }],
    [
      'counts an exit code nothing explains as a failure',
      report(7, 0, 0),
      1,
      { passed: 7, failed: 1 },
    ],
    ['is content when all passed', report(7, 0, 0), 0, { passed: 7, failed: 0 }],
  ])('%s', (...[, text, code, expected]) => {
    expect(tallyOfJest(text, code)).toEqual(expected)
  })
})
