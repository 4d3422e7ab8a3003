import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { startTicks, stopGroup } from './process-group.ts'

const record = z.object({ pid: z.int().positive(), startTicks: z.number() })

/** Remembers the running IDE on disk, so that a guest agent that was killed can find it again. */
export async function rememberGroup(file: string, pid: number): Promise<void> {
  const ticks = await startTicks(pid)
  if (ticks === undefined) return
  await writeFile(`${file}.new`, JSON.stringify({ pid, startTicks: ticks }), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Ends the IDE an earlier guest agent left running: two on one folder would fight over it. */
export async function stopLeftover(file: string): Promise<void> {
  let known: z.infer<typeof record>
  try {
    known = parseJson(record, await readFile(file, 'utf8'))
  } catch {
    // No record, or one that a crash cut short: there is nothing that could be ended safely.
    return
  }
  if ((await startTicks(known.pid)) === known.startTicks) await stopGroup(known.pid)
  await rm(file, { force: true })
}
