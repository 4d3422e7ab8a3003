import { join } from 'node:path'
import type { SessionId } from '@vessel/proto/ids'
import type { Paths } from '../../paths.ts'

/** What a machine has on disk beside its volume; none of it outlives the machine. */
export function machineFiles(paths: Paths, session: SessionId) {
  const folder = paths.vm(session)
  return {
    root: join(folder, 'root.qcow2'),
    qmp: join(folder, 'qmp.sock'),
    serial: join(folder, 'serial.sock'),
    config: paths.guestConfig(session),
    log: join(folder, 'qemu.log'),
  } as const
}
export type MachineFiles = ReturnType<typeof machineFiles>
