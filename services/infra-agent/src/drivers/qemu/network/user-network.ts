import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { MachineNetwork } from './connection.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** qemu's own network: it needs no rights, and goes with its process. */
export function createUserNetwork(isOpen: boolean): MachineNetwork {
  return {
    attach: async () => ({ kind: 'user', port: await freePort(), isOpen }),
    release: async () => undefined,
    sweep: async () => undefined,
  }
}
