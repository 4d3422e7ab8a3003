import { open, readFile, rm } from 'node:fs/promises'
import { hasErrorCode } from './files.ts'

export interface AgentLock {
  release(): Promise<void>
}

/** Two agents over one journal would undo each other's work: the second does not start. */
export async function takeLock(
  file: string,
  startTicksOf: (pid: number) => Promise<string | null>,
): Promise<AgentLock> {
  const own = `${process.pid} ${await startTicksOf(process.pid)}`
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(own)
      await handle.close()
      return { release: () => rm(file, { force: true }) }
    } catch (thrown) {
      if (!hasErrorCode(thrown, 'EEXIST')) throw thrown
    }
    const [pid, ticks] = (await readFile(file, 'utf8')).split(' ')
    const isAlive = (await startTicksOf(Number(pid))) === ticks && ticks !== undefined
    if (isAlive) throw new Error(`another agent (pid ${pid}) uses this state folder`)
    await rm(file, { force: true })
  }
  throw new Error('the lock of the state folder cannot be taken')
}
