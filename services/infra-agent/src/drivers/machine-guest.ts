import type { GuestConfig } from '@vessel/proto/guest/api'
import type { MachineOrder } from '../vm/ports.ts'

/** The guest agent's port inside every machine. */
export const GUEST_PORT = 7_080

const BASE = '/home/workspace'

/** VS Code as it lies inside the golden image. */
export interface IdeInMachine {
  readonly command: readonly string[]
  readonly healthPath: string
}

/** What the guest agent of a machine made from the golden image is told. */
export function guestConfig(order: MachineOrder, ide: IdeInMachine): GuestConfig {
  return {
    listen: { host: '0.0.0.0', port: GUEST_PORT },
    token: order.token,
    workspaceDir: `${BASE}/project`,
    homeDir: `${BASE}/home`,
    stateDir: `${BASE}/state`,
    ide: { command: [...ide.command], healthPath: ide.healthPath },
    environment: { ...order.environment },
  }
}
