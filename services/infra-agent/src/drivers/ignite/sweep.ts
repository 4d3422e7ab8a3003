import { readdir, realpath, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionId } from '@vessel/proto/ids'
import type { IgniteHost } from './host.ts'
import type { HostPlaces } from './host-places.ts'
import { containerOf, igniteUid, parseMachineName } from './ids.ts'
import { readLeases } from './leases.ts'
import { type Found, type Leftovers, leftoversOf } from './leftovers.ts'
import { loopsInUse } from './root-disks.ts'

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/**
 * Clears away what machines left that are no more; to be called with the lock in hand, because a
 * machine that is just being made looks the same. When ignite's listing cannot be had nothing is
 * removed. What cannot be removed stays for the next start.
 */
export async function sweepLeftovers(host: IgniteHost, vmsDirGiven: string): Promise<void> {
  const igniteDir = await realpath(host.places.igniteDir).catch(() => host.places.igniteDir)
  const vmsDir = await realpath(vmsDirGiven).catch(() => vmsDirGiven)
  const look = async () => leftoversOf(await find(host), { igniteDir, vmsDir })
  const found = await look()
  await remove(host, found)
  if (found.mappings.length === 0) return
  // Devices below mappings were held by them until now.
  await remove(host, { ...NOTHING, loops: (await look()).loops })
}

const NOTHING: Leftovers = {
  ...{ containers: [], leases: [], mappings: [], loops: [], links: [] },
  ...{ emptyFolders: [], consoleCopies: [] },
}

async function find(host: IgniteHost): Promise<Found> {
  const { ignite, containerd, mappings, places } = host
  const machines = await ignite.machines()
  const sessions = machines.flatMap(({ name }) => parseMachineName(name)?.session ?? [])
  const folders = await machineFolders(places)
  const owners = [
    ...machines.map(({ uid }) => containerOf(uid)),
    // A record that ignite does not list, for whatever reason, still is a machine.
    ...folders.filter(({ isEmpty }) => !isEmpty).map(({ uid }) => containerOf(uid)),
  ]
  return {
    owners: new Set(owners),
    sessions: new Set<SessionId>(sessions),
    containers: await containerd.containers(),
    leases: await readLeases(places.leasesDir),
    mappings: await mappings.list(),
    loops: await loopsInUse(host),
    links: await namesIn(places.linksDir),
    emptyFolders: folders.filter(({ isEmpty }) => isEmpty).map(({ uid }) => uid),
    consoleCopies: (await namesIn(places.consoleCopiesDir)).filter((name) =>
      /^ignite-[0-9a-f]{16}\.log$/.test(name),
    ),
  }
}

async function machineFolders({ igniteDir }: HostPlaces) {
  const folder = join(igniteDir, 'vm')
  const uids = (await namesIn(folder)).flatMap((name) => igniteUid.safeParse(name).data ?? [])
  return Promise.all(
    uids.map(async (uid) => {
      const isRecorded = await stat(join(folder, uid, 'metadata.json')).then(
        () => true,
        () => false,
      )
      const names = await namesIn(join(folder, uid))
      return { uid, isEmpty: !isRecorded && names.length === 0 }
    }),
  )
}

async function remove(host: IgniteHost, leftovers: Leftovers): Promise<void> {
  const { containerd, mappings, loops, places, log } = host
  const removals: readonly [string, readonly string[], (name: string) => Promise<void>][] = [
    ['container', leftovers.containers, (name) => containerd.remove(name)],
    ['lease', leftovers.leases, (file) => rm(file, { force: true })],
    ['mapping', leftovers.mappings, (name) => mappings.remove(name)],
    ['loop', leftovers.loops, (device) => loops.release(device)],
    ['link', leftovers.links, (name) => rm(join(places.linksDir, name), { force: true })],
    ['folder', leftovers.emptyFolders, (uid) => rmdir(join(places.igniteDir, 'vm', uid))],
    [
      'console copy',
      leftovers.consoleCopies,
      (name) => rm(join(places.consoleCopiesDir, name), { force: true }),
    ],
  ]
  for (const [kind, names, act] of removals) {
    for (const name of names) {
      try {
        await act(name)
        log.info({ kind, name }, 'leftover of a machine removed')
      } catch (err) {
        log.warn({ kind, name, err }, 'leftover of a machine stays')
      }
    }
  }
}
