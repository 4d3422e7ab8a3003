import { io, type Manager } from 'socket.io-client'
import type { WebSocket } from 'ws'
import { type FeedBody, receivedOf } from './frame-reader.ts'
import { rotate, type Watcher, type WatcherDeps } from './watcher.ts'

/** What its types do not show: the cable itself, and where the next attempt goes. */
type OpenManager = Omit<Manager, 'uri' | 'engine'> & {
  uri: string
  engine?: { transport: { ws?: WebSocket } }
}

/** Socket.IO's own client with its defaults, but without the detour over HTTP polling. */
export function watchSocketIo(deps: WatcherDeps): Watcher {
  const nextUrl = rotate(deps)
  const socket = io(nextUrl(), {
    transports: ['websocket'],
    forceNew: true,
    auth: (give) => void deps.token().then((token) => give({ token })),
  })
  const manager = socket.io as unknown as OpenManager
  manager.on('reconnect_attempt', () => {
    manager.uri = nextUrl()
  })
  socket.on('connect', () => {
    // Recovered, it is in its rooms again, and what it missed follows.
    if (socket.recovered) deps.onUp()
    else socket.emit('sub', deps.topic, deps.onUp)
  })
  socket.on('events', (body: FeedBody) => deps.onItems(receivedOf(body)))
  return {
    get url() {
      return manager.uri
    },
    cut() {
      manager.reconnection(false)
      manager.engine?.transport.ws?.terminate()
    },
    restore() {
      manager.reconnection(true)
      socket.connect()
    },
    stop: () => void socket.disconnect(),
  }
}
