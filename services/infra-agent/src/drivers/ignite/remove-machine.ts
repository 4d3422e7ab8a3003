import { rm } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import type { IgniteHost } from './host.ts'
import type { Held } from './host-mutex.ts'
import { consoleCopy, machineDir, metadataFile } from './host-places.ts'
import { containerOf, type IgniteUid } from './ids.ts'
import { releaseLeases } from './leases.ts'
import { mappingsOf } from './mappings.ts'
import { markStopped } from './metadata.ts'
import { failureIn } from './parse-log.ts'
import { clearRootDisks } from './root-disks.ts'

/**
 * Removes a machine and everything `rm -f` leaves behind: even a good one leaks container, snapshot
 * and lease (facts §3, failures 1, 2, 4, 5). May be called for a machine of which nothing or only a
 * part is there. Its volume is not touched.
 */
export async function removeMachine(host: IgniteHost, uid: IgniteUid, held: Held): Promise<void> {
  const { ignite, containerd, mappings, places } = host
  // One that is not there must not be asked for: the id may begin the name of somebody else's.
  const first = (await isListed(host, uid)) ? await ignite.remove(uid, { held }) : null
  await containerd.remove(containerOf(uid))
  if (await isListed(host, uid)) {
    // It hangs behind a full console and fails on a dead container. The container is gone now, and
    // once ignite knows that, it can do the rest.
    host.log.warn(
      { vmId: uid, reason: failureIn(first?.text ?? '') },
      'ignite rm failed, done by hand',
    )
    await markStopped(metadataFile(places, uid))
    const second = await ignite.remove(uid, { held })
    if (await isListed(host, uid)) {
      const detail = `ignite rm ${uid}: ${failureIn(second.text)}`
      throw new VesselError('DESTROY_FAILED', { detail })
    }
  }
  await releaseLeases(places.leasesDir, containerOf(uid))
  const names = new Set(await mappings.list())
  for (const name of mappingsOf(uid)) if (names.has(name)) await mappings.remove(name)
  await clearRootDisks(host)
  await rm(machineDir(places, uid), { recursive: true, force: true })
  await rm(consoleCopy(places, uid), { force: true })
}

const isListed = async ({ ignite }: IgniteHost, uid: IgniteUid): Promise<boolean> =>
  (await ignite.machines()).some((machine) => machine.uid === uid)
