import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface NetProxy {
  readonly port: number
  /** Breaks what is open and lets nothing new through. */
  cut(): void
  heal(): void
  /** Every piece of data waits this long, each way. */
  delay(ms: number): void
  close(): Promise<void>
}

function pump(from: Socket, to: Socket, delayMs: () => number): void {
  from.on('data', (chunk) => {
    const ms = delayMs()
    // Timers of one length fire in the order they were set, so the bytes stay in theirs.
    if (ms === 0) to.write(chunk)
    else setTimeout(() => to.write(chunk), ms)
  })
  from.on('close', () => to.destroy())
  from.on('error', () => to.destroy())
}

/** A network between one client and one server that can be cut and slowed. */
export async function startNetProxy(targetPort: number): Promise<NetProxy> {
  let isCut = false
  let delayMs = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    if (isCut) return void client.destroy()
    const upstream = connect(targetPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    pump(client, upstream, () => delayMs)
    pump(upstream, client, () => delayMs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      breakAll()
    },
    heal: () => {
      isCut = false
      delayMs = 0
    },
    delay: (ms) => {
      delayMs = ms
    },
    close: async () => {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}
