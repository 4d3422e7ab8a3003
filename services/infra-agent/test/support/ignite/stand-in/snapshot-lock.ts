import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Fatal } from './say.ts'
import { at, isAlive, remove, takeFault, write } from './state.ts'

const WORK_MS = 60

/**
 * §3, failure 7: ignite's own lock loses races. The real one loses 2 of 32; this one loses each, so
 * that whoever does not wait for his turn always learns it.
 */
export async function withSnapshotLock(work: () => Promise<void>): Promise<void> {
  const path = at('ignite-snapshot.lock')
  const said = `unable to lock "${path}": open ${path}: no such file or directory`
  if (takeFault('lock')) throw new Fatal(said)
  try {
    closeSync(openSync(path, 'wx'))
  } catch {
    // Somebody is at it, unless he was killed in the middle.
    if (isAlive(Number(readFileSync(path, 'utf8')))) throw new Fatal(said)
  }
  write(path, String(process.pid))
  try {
    await delay(WORK_MS)
    await work()
  } finally {
    remove(path)
  }
}
