import type { BootId } from '@vessel/proto/ids'

/** How a machine is connected. It stands in qemu's arguments, where a later agent reads it. */
export type Connection = UserConnection | TapConnection

/** qemu's own network: one port on the host's loopback leads to the guest agent. */
export interface UserConnection {
  readonly kind: 'user'
  readonly port: number
  /** Whether programs in the machine reach the network, and with it the host's loopback. */
  readonly isOpen: boolean
}

/** A network of its own between the machine and the host, which forwards what the rules allow. */
export interface TapConnection {
  readonly kind: 'tap'
  readonly tap: string
  /** The machine's, with the length of its prefix. */
  readonly address: string
  readonly gateway: string
  readonly mtu: number
  readonly dns: readonly string[]
}

/** What connects the machines of this host. */
export interface MachineNetwork {
  /** A fresh connection for the boot; what it had before is released. */
  attach(boot: BootId): Promise<Connection>
  /** Returns when nothing of the boot's is left, also when there was nothing. */
  release(boot: BootId): Promise<void>
  /** Releases what belongs to no machine, and puts right what somebody else changed. */
  sweep(findLive: () => Promise<ReadonlySet<BootId>>): Promise<void>
}
