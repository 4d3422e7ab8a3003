import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from './execute.ts'
import type { IgniteHost } from './host.ts'
import type { Held } from './host-mutex.ts'
import { machineDir, metadataFile } from './host-places.ts'
import { containerOf, type IgniteUid } from './ids.ts'
import { releaseLeases } from './leases.ts'
import { markStopped } from './metadata.ts'

/** A stale one of the first kind makes `start` report a success that is none (failure 3). */
const STALE = /^(?:prometheus|firecracker)\.sock$|^firecracker_.*\.fifo$/

export interface Restart {
  readonly held: Held
  readonly output: string
  readonly signal: AbortSignal
}

/**
 * Starts a machine again that died, or whose host did: ignite has no command for it. This is the
 * recipe of facts §3, in its order; each part alone was seen to fail. A success that ignite
 * reports is still to be proved.
 */
export async function restartMachine(
  host: IgniteHost,
  uid: IgniteUid,
  { held, output, signal }: Restart,
): Promise<Outcome> {
  const { ignite, containerd, places } = host
  await containerd.remove(containerOf(uid))
  await releaseLeases(places.leasesDir, containerOf(uid))
  const folder = machineDir(places, uid)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((each) => STALE.test(each))) {
    await rm(join(folder, name), { force: true })
  }
  await markStopped(metadataFile(places, uid))
  return ignite.start(uid, { held, output, signal })
}
