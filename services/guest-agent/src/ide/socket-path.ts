import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import { isSocketPathShort } from './command.ts'

export interface SocketPlaces {
  readonly stateDir: string
  readonly temporaryDir: string
  readonly uid: number
}

/**
 * Where the IDE listens: in our state folder, or, where that path is too long for a socket, in a
 * folder of ours among the temporary ones. Always the same for the same state folder.
 */
export async function chooseSocket(places: SocketPlaces): Promise<string> {
  const socket = join(places.stateDir, 'ide.sock')
  if (isSocketPathShort(socket)) return socket

  const name = createHash('sha256').update(places.stateDir).digest('hex').slice(0, 16)
  const dir = join(places.temporaryDir, `vessel-${name}`)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const stats = await lstat(dir)
  // Temporary folders belong to everyone: another user may have put something else there first.
  const isOurs = stats.isDirectory() && stats.uid === places.uid && (stats.mode & 0o077) === 0
  if (!isOurs) throw new VesselError('IDE_FAILED', { detail: `${dir} is not ours` })
  return join(dir, 'ide.sock')
}
