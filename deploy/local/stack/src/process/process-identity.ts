import { readFileSync } from 'node:fs'

/** A pid alone names another process after it is reused; with its start time it does not. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot, from `/proc/<pid>/stat`. */
  readonly startTicks: string
}

const START_TIME_FIELD = 22
const STATE_FIELD = 3

function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in brackets and may itself hold blanks and brackets.
    return ['', '', '', ...text.slice(text.lastIndexOf(')') + 2).split(' ')]
  } catch {
    return null
  }
}

export function identify(pid: number): ProcessIdentity | null {
  const startTicks = statFields(pid)?.[START_TIME_FIELD]
  return startTicks ? { pid, startTicks } : null
}

/** Whether this very process still runs. A zombie has ended. */
export function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  const fields = statFields(pid)
  return fields?.[START_TIME_FIELD] === startTicks && fields[STATE_FIELD] !== 'Z'
}
