import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectNats } from '@vessel/orchestrator/testing/hub-stack'
import { type WebSocket, WebSocketServer } from 'ws'
import { verifyToken } from '../support/tokens.ts'
import { PeerTopic, type Relay, type RelayOptions, serveRelay } from './relay.ts'

interface Command {
  readonly type: 'auth' | 'sub'
  readonly token?: string
  readonly topic?: string
}

/**
 * The limit: the least that still is a relay. It checks tokens and batches as the hub does, and
 * has no memory, no limits and no idea of who is slow.
 */
async function startRawWs({ natsUrl, port }: RelayOptions): Promise<Relay> {
  const nc = await connectNats(natsUrl)
  const readers = new Map<string, Set<WebSocket>>()
  const open = (topic: string): Set<WebSocket> => {
    const sockets = new Set<WebSocket>()
    readers.set(topic, sockets)
    new PeerTopic(nc, topic, (items) => {
      const head = `{"type":"events","topic":${JSON.stringify(topic)},"items":[`
      const frame = Buffer.from(`${head}${items.join(',')}]}`)
      for (const socket of sockets) socket.send(frame, { binary: false })
    })
    return sockets
  }

  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 65_536 })
  sockets.on('connection', (socket) => {
    let isIn = false
    socket.on('message', async (data) => {
      const command = JSON.parse(String(data)) as Command
      if (command.type === 'auth') {
        await verifyToken(command.token ?? '')
        isIn = true
        socket.send('{"type":"hello"}')
      } else if (isIn && command.topic) {
        const { topic } = command
        const watching = readers.get(topic) ?? open(topic)
        watching.add(socket)
        socket.on('close', () => watching.delete(socket))
        socket.send('{"type":"ok"}')
      }
    })
    socket.on('error', () => socket.terminate())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${taken}/ws`,
    connections: () => sockets.clients.size,
    waitingBytes: () => [...sockets.clients].reduce((sum, one) => sum + one.bufferedAmount, 0),
    revoke: () => undefined,
  }
}

serveRelay(startRawWs)
