import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpgradePace {
  /** Handshakes in one turn of the event loop. */
  readonly upgradesPerTurnMax: number
  /** Sockets that wait for theirs; one more is cut, and its browser comes again. */
  readonly upgradesWaitingMax: number
  /** Told of every socket that was cut because too many waited. */
  readonly onCut?: () => void
}

type Upgrade = [request: IncomingMessage, socket: Duplex, head: Buffer]

const REFUSAL = [
  'HTTP/1.1 503 Service Unavailable',
  'Connection: close',
  'Retry-After: 1',
  'Content-Length: 0',
  '\r\n',
].join('\r\n')

/**
 * Lets a few handshakes through in each turn of the loop. Thousands that come together, in a flood
 * or after an outage, are served as fast as ever, but lines and frames go out in between.
 *
 * Returns how to let nobody in from now on. This bypasses Fastify: while it closes, it answers an
 * upgrade without ending the socket, and then waits for that socket for ever.
 */
export function paceUpgrades(server: Server, pace: UpgradePace): () => void {
  const listeners = server.listeners('upgrade') as ((...upgrade: Upgrade) => void)[]
  const waiting = new Set<Upgrade>()
  let isRefusing = false

  const admit = (upgrade: Upgrade) => {
    const [, socket] = upgrade
    waiting.delete(upgrade)
    socket.off('error', destroy)
    if (socket.destroyed) return
    if (isRefusing) refuse(socket)
    else for (const listener of listeners) listener.apply(server, upgrade)
  }
  const turn = () => {
    let left = pace.upgradesPerTurnMax
    for (const upgrade of waiting) {
      if (left === 0) break
      left -= 1
      admit(upgrade)
    }
    if (waiting.size > 0) setImmediate(turn)
  }

  server.removeAllListeners('upgrade')
  server.on('upgrade', (...upgrade) => {
    const [, socket] = upgrade
    if (isRefusing) return refuse(socket)
    if (waiting.size >= pace.upgradesWaitingMax) {
      pace.onCut?.()
      return void socket.destroy()
    }
    socket.on('error', destroy)
    waiting.add(upgrade)
    if (waiting.size === 1) setImmediate(turn)
  })
  return () => {
    isRefusing = true
  }
}

/** Nobody else listens for the errors of a socket between its upgrade and its handshake. */
function destroy(this: Duplex): void {
  this.destroy()
}

function refuse(socket: Duplex): void {
  socket.on('error', destroy)
  socket.end(REFUSAL, () => socket.destroy())
}
