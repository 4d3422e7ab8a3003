import { join } from 'node:path'
import type { SessionId } from '@vessel/proto/ids'
import type { IgniteUid } from './ids.ts'

/** Where ignite and what it stands on keep their things; fixed, except under test (facts §3). */
export interface HostPlaces {
  /** Machines, images and kernels, one folder each. */
  readonly igniteDir: string
  /** Addresses given out, one file each; they survive a reboot. */
  readonly leasesDir: string
  /** `ignite logs` keeps a copy of what it read here and nobody removes it. */
  readonly consoleCopiesDir: string
  readonly blockDir: string
  /** Links to loop devices, whose numbers change with every reboot. */
  readonly linksDir: string
  /** One for the whole host, whoever drives ignite on it. */
  readonly lockFile: string
}

export const HOST_PLACES: HostPlaces = {
  igniteDir: '/var/lib/firecracker',
  leasesDir: '/var/lib/cni/networks',
  consoleCopiesDir: '/tmp',
  blockDir: '/sys/block',
  linksDir: '/dev/vessel',
  lockFile: '/run/lock/vessel-ignite.lock',
}

export const machineDir = (places: HostPlaces, uid: IgniteUid): string =>
  join(places.igniteDir, 'vm', uid)

export const metadataFile = (places: HostPlaces, uid: IgniteUid): string =>
  join(machineDir(places, uid), 'metadata.json')

export const controlSocket = (places: HostPlaces, uid: IgniteUid): string =>
  join(machineDir(places, uid), 'firecracker.sock')

export const consoleCopy = (places: HostPlaces, uid: IgniteUid): string =>
  join(places.consoleCopiesDir, `ignite-${uid}.log`)

export const volumeLink = (places: HostPlaces, session: SessionId): string =>
  join(places.linksDir, session)
