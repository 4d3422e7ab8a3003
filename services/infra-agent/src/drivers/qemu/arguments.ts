import type { BootId, SessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import { GUEST_PORT } from '../machine-guest.ts'
import type { GoldenImage } from './image.ts'
import type { MachineFiles } from './machine-files.ts'
import type { Connection } from './network/connection.ts'

export const QEMU = 'qemu-system-x86_64'
/** Translated code of an emulated machine; the default is a quarter of the host's memory. */
const TRANSLATION_MIB = 256

export type Acceleration = 'kvm' | 'tcg'

const ACCELERATION: Record<Acceleration, readonly string[]> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  tcg: ['-accel', `tcg,thread=multi,tb-size=${TRANSLATION_MIB}`, '-cpu', 'max'],
}

const KERNEL_LINE = [
  'root=/dev/vda',
  'rw',
  'console=ttyS0',
  'quiet',
  'loglevel=4',
  'systemd.show_status=yes',
  'net.ifnames=0',
  // A kernel that broke ends its machine instead of standing still.
  'panic=-1',
]

export interface MachineArguments {
  readonly session: SessionId
  readonly bootId: BootId
  readonly spec: MachineSpec
  readonly image: GoldenImage
  readonly files: MachineFiles
  readonly volume: string
  readonly acceleration: Acceleration
  readonly connection: Connection
}

/** Commas end a value of qemu's option lists and are doubled inside one. */
const value = (text: string): string => text.replaceAll(',', ',,')

export const nameOf = (session: SessionId, bootId: BootId): string => `vessel:${session}:${bootId}`

function netdevOf(connection: Connection): string {
  // Emulated machines gain nothing from vhost, and without it the kernel has less to get wrong.
  if (connection.kind === 'tap') {
    return `tap,id=net,ifname=${connection.tap},script=no,downscript=no,vhost=off`
  }
  const restrict = connection.isOpen ? 'off' : 'on'
  const forward = `hostfwd=tcp:127.0.0.1:${connection.port}-:${GUEST_PORT}`
  return `user,id=net,ipv6=off,restrict=${restrict},${forward}`
}

/** Read in the machine by `prepare-network` of the golden image. */
function networkWords(connection: Connection): string[] {
  if (connection.kind !== 'tap') return []
  const { address, gateway, mtu, dns } = connection
  const words = { address, gateway, mtu, ...(dns.length > 0 ? { dns: dns.join(',') } : {}) }
  return Object.entries(words).map(([name, word]) => `vessel.${name}=${word}`)
}

/** No secret is among them: the guest's configuration is handed over as a file. */
export function machineArguments(machine: MachineArguments): string[] {
  const { session, bootId, spec, image, files, volume, connection } = machine
  const kernelLine = [...KERNEL_LINE, ...networkWords(connection)].join(' ')
  return [
    ...['-name', nameOf(session, bootId)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-M', 'q35', ...ACCELERATION[machine.acceleration]],
    ...['-smp', String(spec.cpuCount), '-m', `${spec.memoryMib}M`],
    ...['-kernel', image.kernel, '-initrd', image.initrd, '-append', kernelLine],
    // Of no worth after the machine, so never waited for.
    ...['-drive', `file=${value(files.root)},if=virtio,format=qcow2,cache=unsafe`],
    ...['-drive', `file=${value(volume)},if=virtio,format=raw,cache=writeback,discard=unmap`],
    ...['-netdev', netdevOf(connection)],
    ...['-device', 'virtio-net-pci,netdev=net', '-device', 'virtio-rng-pci'],
    ...['-fw_cfg', `name=opt/vessel/guest.json,file=${value(files.config)}`],
    ...['-qmp', `unix:${value(files.qmp)},server=on,wait=off`],
    // What nobody reads is dropped: a machine that prints without end fills no disk.
    ...['-chardev', `socket,id=serial,path=${value(files.serial)},server=on,wait=off`],
    ...['-serial', 'chardev:serial'],
  ]
}

export interface KnownMachine {
  readonly name: string
  /** Where its guest agent answers. */
  readonly ip: string
  readonly port: number
}

const FORWARDED = /hostfwd=tcp:(127\.0\.0\.1):(\d+)-/
const ADDRESSED = /(?:^| )vessel\.address=([\d.]+)\//

/** What the arguments of a running qemu say of it; null when it is none of ours. */
export function readArguments(argv: readonly string[]): KnownMachine | null {
  const name = argv[argv.indexOf('-name') + 1]
  const place = argv.map((part) => FORWARDED.exec(part) ?? ADDRESSED.exec(part)).find(Boolean)
  const [, ip, port = GUEST_PORT] = place ?? []
  if (!name?.startsWith('vessel:') || !ip) return null
  return { name, ip, port: Number(port) }
}
