import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { clientFrame } from '@vessel/proto/browser/client-frames'
import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import { parseJson } from '@vessel/proto/parse'
import { type WebSocket, WebSocketServer } from 'ws'
import { revoked, userOfToken } from './go-true.ts'
import { socketsOf } from './sockets.ts'
import { as, type MockUser, type World } from './world.ts'

interface Connection {
  readonly socket: WebSocket
  readonly topics: Set<string>
  user: MockUser | null
  /** Where this connection says it is, by topic. */
  readonly presence: Map<string, string>
}

/** The live contract: `hello`, subscriptions with replay, events. */
export function attachHub(
  server: Server,
  world: World,
  options: { isDown: () => boolean },
): { cut: () => void; endLogin: (userId: string) => void } {
  const hub = new WebSocketServer({
    server,
    path: '/ws',
    handleProtocols: () => 'vessel.v1',
    verifyClient: () => !options.isDown(),
  })
  const connections = new Set<Connection>()
  const send = (connection: Connection, frame: unknown): void =>
    connection.socket.send(JSON.stringify(frame satisfies unknown as ServerFrame))

  world.publish = (topic, items) => {
    for (const connection of connections) {
      if (connection.topics.has(topic)) send(connection, { type: 'events', topic, items })
    }
  }

  function subscribe(connection: Connection, frame: { id: number; topic: string; seq: number }) {
    const { id, topic, seq } = frame
    const items = world.feeds.get(topic.replace('session:', '')) ?? []
    const last = items.at(-1)
    const head = last ? { bootId: last.bootId, seq: last.seq } : null
    connection.topics.add(topic)
    send(connection, { type: 'ok', id, topic, recovered: true, head })
    if (topic === 'admin') {
      send(connection, {
        type: 'events',
        topic,
        items: [socketsOf([...world.users.values()].map((user) => user.id))],
      })
    }
    const missed = items.slice(seq)
    if (missed.length > 0)
      send(connection, { type: 'events', topic, items: missed.slice(0, 1_000) })
    for (let from = 1_000; from < missed.length; from += 1_000) {
      send(connection, { type: 'events', topic, items: missed.slice(from, from + 1_000) })
    }
  }

  /** The whole list each time: a mock need not save bytes. */
  function tellPresence(topic: string): void {
    const members = [...connections].flatMap(({ user, presence }) => {
      const state = presence.get(topic)
      return user && state ? [[user.id, { userId: user.id, name: user.email, state }] as const] : []
    })
    const list = [...new Map(members).values(), ...(world.guests.get(topic) ?? [])]
    for (const connection of connections) {
      if (!connection.topics.has(topic)) continue
      send(connection, { type: 'presence', topic, join: [], leave: [], list })
    }
  }

  hub.on('connection', (socket) => {
    const connection: Connection = { socket, topics: new Set(), user: null, presence: new Map() }
    connections.add(connection)
    socket.on('close', () => {
      connections.delete(connection)
      for (const topic of connection.presence.keys()) tellPresence(topic)
    })
    socket.on('message', (data) => {
      const frame = parseJson(clientFrame, String(data))
      if (frame.type === 'auth') {
        const user = userOfToken(world, frame.token)
        if (!user || revoked.has(user.id)) return socket.close(4500)
        connection.user = user
        return send(connection, {
          type: 'hello',
          protocolVersion: 1,
          connectionId: as(randomUUID()),
          userId: as(user.id),
          isAdmin: user.email.startsWith('admin'),
          heartbeatMs: 30_000,
          tokenExpiresInMs: 3_600_000,
        })
      }
      if (frame.type === 'sub') {
        return subscribe(connection, { ...frame, seq: frame.since?.seq ?? 0 })
      }
      if (frame.type === 'presence') {
        connection.presence.set(frame.topic, frame.state)
        tellPresence(frame.topic)
      }
      if (frame.type === 'unsub') connection.topics.delete(frame.topic)
      if (frame.type === 'ping') send(connection, { type: 'pong', id: frame.id })
    })
  })
  return {
    cut() {
      for (const { socket } of connections) socket.terminate()
    },
    endLogin(userId) {
      for (const { socket, user } of connections) if (user?.id === userId) socket.close(4501)
    },
  }
}
