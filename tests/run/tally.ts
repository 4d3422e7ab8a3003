export interface Tally {
  readonly passed: number
  readonly failed: number
}

export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}

/**
 * Counts a jest run by its report. A suite that failed to run, a report that is not there and an
 * exit code that no failed test explains each count as a failure: silence is never success.
 */
export function tallyOfJest(report: string, exitCode: number): Tally {
  let passed = 0
  let failed = 0
  try {
    const counts = JSON.parse(report) as Record<string, unknown>
    passed = Number(counts.numPassedTests)
    failed = Number(counts.numFailedTests) + Number(counts.numRuntimeErrorTestSuites)
  } catch {
    return { passed: 0, failed: 1 }
  }
  if (!Number.isInteger(passed) || !Number.isInteger(failed)) return { passed: 0, failed: 1 }
  return exitCode !== 0 && failed === 0 ? { passed, failed: 1 } : { passed, failed }
}
