import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { findListener } from './find-listener.ts'

/** Every port of the stack: its usual number and the variable that changes it. */
export const PORTS = {
  dashboard: { usual: 3000, variable: 'VESSEL_PORT_DASHBOARD' },
  orchestrator: { usual: 4000, variable: 'VESSEL_PORT_API' },
  metrics: { usual: 4001, variable: 'VESSEL_PORT_METRICS' },
  gateway: { usual: 8080, variable: 'VESSEL_PORT_GATEWAY' },
  gatewayAdmin: { usual: 8081, variable: 'VESSEL_PORT_GATEWAY_ADMIN' },
  supabase: { usual: 54_321, variable: 'VESSEL_PORT_SUPABASE' },
  nats: { usual: 4222, variable: 'VESSEL_PORT_NATS' },
  redis: { usual: 6380, variable: 'VESSEL_PORT_REDIS' },
  agent: { usual: 7070, variable: 'VESSEL_PORT_AGENT' },
} as const satisfies Record<string, { usual: number; variable: string }>

export type PortName = keyof typeof PORTS
export type Ports = Readonly<Record<PortName, number>>

const NAMES = Object.keys(PORTS) as PortName[]
const PORT_MAX = 65_535

export class PortConflict extends Error {
  override readonly name = 'PortConflict'
}

function parsePort(text: string, variable: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) {
    throw new PortConflict(`${variable}=${text} is not a port number`)
  }
  return port
}

/** The ports of `make up`: fixed, so that bookmarks and browser logins stay valid. */
export function portsFrom(env: Readonly<Record<string, string | undefined>>): Ports {
  const entries = NAMES.map((name) => {
    const { usual, variable } = PORTS[name]
    const given = env[variable]
    return [name, given ? parsePort(given, variable) : usual] as const
  })
  return Object.fromEntries(entries) as Ports
}

/** Ports nobody uses, all different: for tests that run several stacks. */
export async function ephemeralPorts(): Promise<Ports> {
  const held: Server[] = []
  try {
    const ports: Partial<Record<PortName, number>> = {}
    for (const name of NAMES) {
      const server = await listen(0)
      held.push(server)
      ports[name] = (server.address() as AddressInfo).port
    }
    return ports as Ports
  } finally {
    await Promise.all(held.map(close))
  }
}

/** Throws one error that names every port that is taken, and by whom. */
export async function requireFree(ports: Ports): Promise<void> {
  const conflicts: string[] = []
  const owners = new Map<number, PortName>()
  for (const name of NAMES) {
    const port = ports[name]
    const { variable } = PORTS[name]
    const other = owners.get(port)
    owners.set(port, name)
    if (other) {
      conflicts.push(`port ${port} is given to both the ${other} and the ${name} (${variable})`)
      continue
    }
    const server = await listen(port).catch(() => null)
    if (server) {
      await close(server)
      continue
    }
    const user = findListener(port)
    const by = user ? `pid ${user.pid} (${user.command})` : 'another process'
    conflicts.push(`port ${port} for the ${name} is used by ${by}; change it with ${variable}`)
  }
  if (conflicts.length > 0) throw new PortConflict(conflicts.join('\n'))
}

async function listen(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
