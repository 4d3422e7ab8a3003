import { resolve } from 'node:path'
import process from 'node:process'
import { isRunning } from '../process/process-identity.ts'
import { usualStateDir } from '../stack.ts'
import { endLeftovers, readRunRecord, removeRunRecord, untilEnded } from '../state/run-record.ts'

/** Saving takes up to a minute, then every service ends in order. */
const STOP_TIMEOUT_MS = 150_000

/** Stops the stack of this checkout, however it was started. */
export async function down(): Promise<void> {
  const stateDir = resolve(usualStateDir())
  const record = await readRunRecord(stateDir)
  if (!record) {
    process.stdout.write('nothing runs\n')
    return
  }
  if (isRunning(record.launcher)) {
    process.kill(record.launcher.pid, 'SIGTERM')
    if (!(await untilEnded(record.launcher, STOP_TIMEOUT_MS))) {
      throw new Error(`pid ${record.launcher.pid} did not stop in time`)
    }
  } else {
    await endLeftovers(record)
    await removeRunRecord(stateDir)
  }
  process.stdout.write('stopped\n')
}
