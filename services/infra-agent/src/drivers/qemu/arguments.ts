import type { BootId, SessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import { GUEST_PORT } from '../machine-guest.ts'
import type { GoldenImage } from './image.ts'
import type { MachineFiles } from './machine-files.ts'

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
].join(' ')

export interface MachineArguments {
  readonly session: SessionId
  readonly bootId: BootId
  readonly spec: MachineSpec
  readonly image: GoldenImage
  readonly files: MachineFiles
  readonly volume: string
  /** Of the host, on loopback, forwarded to the guest agent. */
  readonly port: number
  readonly acceleration: Acceleration
  /** Whether programs in the machine reach the network, and with it the host's loopback. */
  readonly isNetworkOpen: boolean
}

/** Commas end a value of qemu's option lists and are doubled inside one. */
const value = (text: string): string => text.replaceAll(',', ',,')

export const nameOf = (session: SessionId, bootId: BootId): string => `vessel:${session}:${bootId}`

/** No secret is among them: the guest's configuration is handed over as a file. */
export function machineArguments(machine: MachineArguments): string[] {
  const { session, bootId, spec, image, files, volume, port, isNetworkOpen } = machine
  const restrict = isNetworkOpen ? 'off' : 'on'
  const forward = `hostfwd=tcp:127.0.0.1:${port}-:${GUEST_PORT}`
  return [
    ...['-name', nameOf(session, bootId)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-M', 'q35', ...ACCELERATION[machine.acceleration]],
    ...['-smp', String(spec.cpuCount), '-m', `${spec.memoryMib}M`],
    ...['-kernel', image.kernel, '-initrd', image.initrd, '-append', KERNEL_LINE],
    // Of no worth after the machine, so never waited for.
    ...['-drive', `file=${value(files.root)},if=virtio,format=qcow2,cache=unsafe`],
    ...['-drive', `file=${value(volume)},if=virtio,format=raw,cache=writeback,discard=unmap`],
    ...['-netdev', `user,id=net,ipv6=off,restrict=${restrict},${forward}`],
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
  readonly port: number
}

/** What the arguments of a running qemu say of it; null when it is none of ours. */
export function readArguments(argv: readonly string[]): KnownMachine | null {
  const name = argv[argv.indexOf('-name') + 1]
  const port = argv.map((part) => /hostfwd=tcp:127\.0\.0\.1:(\d+)-/.exec(part)?.[1]).find(Boolean)
  if (!name?.startsWith('vessel:') || !port) return null
  return { name, port: Number(port) }
}
