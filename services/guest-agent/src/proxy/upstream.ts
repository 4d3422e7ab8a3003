import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Target } from './target.ts'

/** Both ends are on this machine: a connection is there in microseconds or not at all. */
const CONNECT_MS = 5_000
/** A browser opens six per host; several tabs and a program that talks to itself fit. */
const SOCKETS_MAX = 256

/** Dev servers listen on one of the two, and rarely say which. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const

export interface Upstreams {
  connect(target: Target): Promise<Socket>
  agent(target: Target): Agent
  close(): void
}

/**
 * Connections to what runs in this machine, and to nothing else: the host is never a parameter.
 * Each request gets its own: reusing one races with a dev server that closes idle connections.
 */
export function createUpstreams(ideSocket: string): Upstreams {
  const agents = new Map<string, Agent>()
  const open = (target: Target) =>
    target.kind === 'ide' ? connectTo({ path: ideSocket }) : connectPort(target.port)

  return {
    connect: open,
    agent: (target) => {
      const key = target.kind === 'ide' ? 'ide' : String(target.port)
      const known = agents.get(key)
      if (known) return known
      const agent = new Agent({ keepAlive: false, maxSockets: SOCKETS_MAX })
      agent.createConnection = (_options, done) => {
        open(target).then(
          (socket) => done?.(null, socket),
          (error) => done?.(error, undefined as never),
        )
        return undefined
      }
      agents.set(key, agent)
      return agent
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

async function connectPort(port: number): Promise<Socket> {
  const [first, second] = LOOPBACKS
  return connectTo({ host: first, port }).catch(() => connectTo({ host: second, port }))
}

function connectTo(to: { path: string } | { host: string; port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...to, allowHalfOpen: true })
    const timer = setTimeout(() => socket.destroy(new Error('connect timed out')), CONNECT_MS)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', reject)
      socket.setNoDelay(true)
      resolve(socket)
    })
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(timer))
  })
}
