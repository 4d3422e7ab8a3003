import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectNats } from '@vessel/orchestrator/testing/hub-stack'
import { Server } from 'socket.io'
import { verifyToken } from '../support/tokens.ts'
import { PeerTopic, type Relay, type RelayOptions, serveRelay } from './relay.ts'

/** Its default: two minutes. */
const RECOVERY = { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } }

/** What a user would pick, set up as its manual says; `recovery` with connection state recovery. */
async function startSocketIo({ natsUrl, port }: RelayOptions): Promise<Relay> {
  const nc = await connectNats(natsUrl)
  const server = createServer()
  const hasRecovery = process.argv.includes('recovery')
  const io = new Server(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
    ...(hasRecovery ? RECOVERY : {}),
  })
  const open = new Set<string>()
  io.use((socket, next) => {
    verifyToken(String(socket.handshake.auth.token)).then(() => next(), next)
  })
  io.on('connection', (socket) => {
    socket.on('sub', (topic: string, answer: () => void) => {
      if (!open.has(topic)) {
        open.add(topic)
        new PeerTopic(nc, topic, (items) => {
          io.to(topic).emit('events', { topic, items: items.map((item) => JSON.parse(item)) })
        })
      }
      socket.join(topic)
      answer()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${taken}`,
    connections: () => io.engine.clientsCount,
    waitingBytes: () => 0,
    revoke: () => undefined,
  }
}

serveRelay(startSocketIo)
