import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'

/** Another process has the folder open: two engines on one data directory would destroy it. */
export class DataDirLocked extends Error {
  override readonly name = 'DataDirLocked'
}

/**
 * Holds a data directory for this process alone.
 *
 * The lock is a socket name in Linux' abstract namespace: the kernel frees it when the process ends
 * in any way, so there is no stale lock to clean up after a kill.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const path = await realpath(dataDir)
  const name = createHash('sha256').update(path).digest('hex').slice(0, 32)
  const server = createServer((socket) => socket.destroy())
  server.listen(`\0vessel-supabase-${name}`)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new DataDirLocked(`another process uses the data directory ${path}; stop it first`, {
      cause,
    })
  }
  server.unref()
  return async () => {
    server.close()
    await once(server, 'close')
  }
}
