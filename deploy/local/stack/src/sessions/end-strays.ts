import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { identify, isRunning, type ProcessIdentity } from '../process/process-identity.ts'
import { untilEnded } from '../state/run-record.ts'

const END_TIMEOUT_MS = 5_000

function namesFolder(pid: number, folder: string): boolean {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return argv.some((part) => part === folder || part.includes(`${folder}/`))
  } catch {
    return false
  }
}

/** Processes whose command line names something below the folder: guests, their sandboxes, IDEs. */
export function straysBelow(folder: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => namesFolder(Number(name), folder))
    .map((name) => identify(Number(name)))
    .filter((found) => found !== null && isRunning(found)) as ProcessIdentity[]
}

/**
 * Ends what still runs of the sessions once the agent has ended. Their files stay in their volumes
 * and the agent's journal knows of them, so the next start saves what this one could not.
 */
export async function endStrays(folder: string): Promise<number> {
  const strays = straysBelow(folder)
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const stray of strays.filter(isRunning)) {
      try {
        process.kill(stray.pid, signal)
      } catch (error) {
        // It ended between the look and the signal.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
    await Promise.all(strays.map((stray) => untilEnded(stray, END_TIMEOUT_MS)))
  }
  return strays.length
}
