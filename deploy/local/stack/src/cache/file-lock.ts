import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isRunning, type ProcessIdentity } from '../process/process-identity.ts'

const LOOK_EVERY_MS = 200
/** Longer than the slowest build under a lock on a slow machine. */
const WAIT_MS_MAX = 30 * 60_000

export interface FileLock {
  readonly file: string
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (() => void) | undefined
}

async function holderOf(file: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity
  } catch {
    return null
  }
}

/** One try. The file appears with its content, so that nobody reads a half one. */
async function tryLock(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`
  await writeFile(own, JSON.stringify(identify(process.pid)))
  try {
    await link(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = await holderOf(file)
    // A holder that was killed cannot let go; its lock is void.
    if (holder && !isRunning(holder)) await rm(file, { force: true })
    return false
  } finally {
    await rm(own, { force: true })
  }
}

/** Does the work while no other process does the same. */
export async function withFileLock<T>(lock: FileLock, work: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + WAIT_MS_MAX
  let isToldToWait = false
  while (!(await tryLock(lock.file))) {
    if (Date.now() > giveUpAt) throw new Error(`${lock.file} is held for too long`)
    if (!isToldToWait) lock.onWait?.()
    isToldToWait = true
    await sleep(LOOK_EVERY_MS)
  }
  try {
    return await work()
  } finally {
    await rm(lock.file, { force: true })
  }
}
