import { VesselError } from '@vessel/proto/errors'
import type { Clock } from '../../vm/ports.ts'
import { membersOf, type ProcessRow, readProcessTable } from './proc-table.ts'

/**
 * A tree that forks faster than we look is stopped before it is ended; this is more than enough.
 */
const ROUNDS_MAX = 100
const ROUND_MS = 20

function signalAll(rows: readonly ProcessRow[], signal: NodeJS.Signals): void {
  for (const row of rows) {
    try {
      process.kill(row.pid, signal)
    } catch {
      // It ended between the look and the signal.
    }
  }
}

const find = async (mark: string): Promise<ProcessRow[]> =>
  membersOf(await readProcessTable(), { mark, self: process.pid })

/** Stops every process of a boot, those made meanwhile as well. */
export async function freezeTree(mark: string): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const running = (await find(mark)).filter((row) => row.state !== 'T' && row.state !== 't')
    if (running.length === 0) return
    signalAll(running, 'SIGSTOP')
  }
  throw new VesselError('INTERNAL', { detail: 'the processes could not all be stopped' })
}

export async function thawTree(mark: string): Promise<void> {
  signalAll(await find(mark), 'SIGCONT')
}

/** Ends every process of a boot and returns only when a look finds none. */
export async function killTree(mark: string, clock: Clock): Promise<void> {
  // By pid, with their start: one that is ending has lost its environment, and with it the mark,
  // while it is still there.
  const seen = new Map<number, string>()
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const table = await readProcessTable()
    for (const { pid, startTicks } of membersOf(table, { mark, self: process.pid })) {
      seen.set(pid, startTicks)
    }
    const left = table.filter(({ pid, startTicks }) => seen.get(pid) === startTicks)
    if (left.length === 0) return
    // Stopped first, so that none forks away between the looks.
    signalAll(left, 'SIGSTOP')
    signalAll(left, 'SIGKILL')
    await clock.sleep(ROUND_MS)
  }
  throw new VesselError('DESTROY_FAILED', { detail: 'processes of the session are still there' })
}
