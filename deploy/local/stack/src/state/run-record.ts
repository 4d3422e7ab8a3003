import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { identify, isRunning, type ProcessIdentity } from '../process/process-identity.ts'

const identity = z.object({ pid: z.int().positive(), startTicks: z.string() })

/** Who runs this state dir now: for `down`, and for cleaning up after a killed launcher. */
const runRecord = z.object({
  launcher: identity,
  isReady: z.boolean(),
  children: z.record(z.string(), identity),
  urls: z.record(z.string(), z.string()).optional(),
})
export type RunRecord = z.infer<typeof runRecord>

const END_TIMEOUT_MS = 10_000
const LOOK_EVERY_MS = 50

const fileOf = (stateDir: string) => join(stateDir, 'run.json')

export async function readRunRecord(stateDir: string): Promise<RunRecord | null> {
  try {
    return runRecord.parse(JSON.parse(await readFile(fileOf(stateDir), 'utf8')))
  } catch {
    return null
  }
}

export async function writeRunRecord(stateDir: string, record: RunRecord): Promise<void> {
  const temporary = `${fileOf(stateDir)}.${process.pid}`
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600 })
  await rename(temporary, fileOf(stateDir))
}

export async function removeRunRecord(stateDir: string): Promise<void> {
  await rm(fileOf(stateDir), { force: true })
}

export function ownIdentity(): ProcessIdentity {
  const own = identify(process.pid)
  if (!own) throw new Error('this process is not in /proc')
  return own
}

export async function untilEnded(who: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs
  while (isRunning(who)) {
    if (Date.now() > giveUpAt) return false
    await sleep(LOOK_EVERY_MS)
  }
  return true
}

/** Ends what a killed launcher left behind. Sessions stay: the agent adopts them again. */
export async function endLeftovers(record: RunRecord): Promise<string[]> {
  const left = Object.entries(record.children).filter(([, child]) => isRunning(child))
  for (const [, child] of left) process.kill(child.pid, 'SIGTERM')
  for (const [, child] of left) {
    if (await untilEnded(child, END_TIMEOUT_MS)) continue
    process.kill(child.pid, 'SIGKILL')
    await untilEnded(child, END_TIMEOUT_MS)
  }
  return left.map(([name]) => name)
}
