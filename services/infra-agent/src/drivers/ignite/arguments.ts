import { VesselError } from '@vessel/proto/errors'
import type { MachineSpec } from '@vessel/proto/machine'

/**
 * No serial console: behind containerd nobody reads it once `run` has ended, and a machine that
 * goes on writing stands still at 80 KiB and cannot be removed any more (facts §2.3). `ip=dhcp` is
 * how ignite's machines come by their address; without it they have none.
 */
const KERNEL_LINE = [
  'quiet',
  'loglevel=1',
  '8250.nr_uarts=0',
  'reboot=k',
  'panic=1',
  'pci=off',
  'ip=dhcp',
].join(' ')

/** Where the golden image mounts the volume and expects what the host hands over. */
const WORKSPACE = '/home/workspace'
const GUEST_CONFIG = '/etc/vessel/guest.json'

export interface IgniteImages {
  /** In full with its tag: ignite keeps images by this name and knows no digests (§2.2). */
  readonly image: string
  readonly kernel: string
  /** Null: the one that ignite was built with. */
  readonly sandbox: string | null
}

export interface RunArguments {
  readonly name: string
  readonly spec: MachineSpec
  readonly images: IgniteImages
  readonly rootGib: number
  readonly volumeLink: string
  readonly guestConfig: string
}

/** Firecracker with hyper-threads on takes one processor or an even number (§2.2, §4). */
export const processorsOf = (count: number): number => (count === 1 ? 1 : count + (count % 2))

/** Lists are split at commas and their parts at colons; ignite has no way to quote either. */
function plain(path: string): string {
  if (/[,:]/.test(path)) {
    throw new VesselError('BOOT_FAILED', { detail: `ignite takes no comma or colon: ${path}` })
  }
  return path
}

/**
 * No `-p`: its rules outlive machines and lead to others' addresses. No `--ssh`: `run` then waits
 * for a server that the image does not have, and fails with the machine running (§2.2, §3).
 */
export function runArguments(machine: RunArguments): string[] {
  const { name, spec, images, rootGib, volumeLink, guestConfig } = machine
  return [
    images.image,
    ...['--name', name, '--kernel-image', images.kernel],
    ...(images.sandbox === null ? [] : ['--sandbox-image', images.sandbox]),
    ...['--cpus', String(processorsOf(spec.cpuCount))],
    // Without a unit it would be bytes.
    ...['--memory', `${spec.memoryMib}MB`, '--size', `${rootGib}GB`],
    ...['--kernel-args', KERNEL_LINE],
    // Once only: a second one replaces the first.
    ...['--volumes', `${plain(volumeLink)}:${WORKSPACE}`],
    ...['--copy-files', `${plain(guestConfig)}:${GUEST_CONFIG}`],
    ...['--runtime', 'containerd', '--network-plugin', 'cni'],
  ]
}
