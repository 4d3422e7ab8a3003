import type { ProcessIdentity } from '../process/process-identity.ts'
import { isRunning } from '../process/process-identity.ts'
import type { StackUrls } from '../stack-options.ts'
import {
  endLeftovers,
  ownIdentity,
  type RunRecord,
  readRunRecord,
  removeRunRecord,
  writeRunRecord,
} from './run-record.ts'

/** This launcher's right to a state dir, and what it tells others about its run. */
export interface StateClaim {
  children(children: Readonly<Record<string, ProcessIdentity>>): void
  ready(urls: StackUrls): Promise<void>
  release(): Promise<void>
}

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

/** Takes the state dir. What a killed launcher left running is ended first. */
export async function claimStateDir(
  stateDir: string,
  say: (text: string) => void,
): Promise<StateClaim> {
  const before = await readRunRecord(stateDir)
  if (before && isRunning(before.launcher)) {
    throw new AlreadyRunning(`it runs already, as pid ${before.launcher.pid} (${stateDir})`)
  }
  if (before) {
    const ended = await endLeftovers(before)
    if (ended.length > 0) say(`ended what a killed run had left: ${ended.join(', ')}`)
  }
  const record: RunRecord = { launcher: ownIdentity(), isReady: false, children: {} }
  await writeRunRecord(stateDir, record)

  // Writes follow one another, so that the last one said is the one that stays.
  let writing: Promise<void> = Promise.resolve()
  let isReleased = false
  const write = () => {
    writing = writing.then(() => (isReleased ? undefined : writeRunRecord(stateDir, record)))
    return writing
  }
  return {
    children(children) {
      record.children = { ...children }
      write().catch((error: Error) => say(`the run record cannot be written: ${error.message}`))
    },
    async ready(urls) {
      record.isReady = true
      record.urls = { ...urls }
      await write()
    },
    async release() {
      await writing
      isReleased = true
      await removeRunRecord(stateDir)
    },
  }
}
