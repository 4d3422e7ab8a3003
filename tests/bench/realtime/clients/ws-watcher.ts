import type { WebSocket } from 'ws'
import { DIALECTS } from './dialects.ts'
import { FrameReader } from './frame-reader.ts'
import { rotate, type Watcher, type WatcherDeps } from './watcher.ts'

/** What Socket.IO waits at first, too: half a second to one and a half. */
const RETRY_MS = 1_000

/** A plain WebSocket that connects again: all that can be had without a protocol above it. */
export function watchWs(deps: WatcherDeps): Watcher {
  const dialect = DIALECTS.ws
  const reader = new FrameReader()
  const nextUrl = rotate(deps)
  let url = ''
  let socket: WebSocket | null = null
  let isAway = false
  let isStopped = false

  const connect = async () => {
    const greeting = { token: await deps.token(), topic: deps.topic }
    if (isAway || isStopped) return
    url = nextUrl()
    const opened = dialect.open(url)
    socket = opened
    opened.on('open', () => dialect.onOpen(opened, greeting))
    opened.on('message', (data: Buffer) => {
      if (dialect.isEvents(data)) deps.onItems(reader.read(data))
      else if (dialect.onControl(opened, data.toString(), greeting)) deps.onUp()
    })
    opened.on('error', () => undefined)
    opened.on('close', () => {
      if (!isAway && !isStopped) setTimeout(connect, RETRY_MS * (0.5 + deps.random()))
    })
  }
  void connect()
  return {
    get url() {
      return url
    },
    cut() {
      isAway = true
      socket?.terminate()
    },
    restore() {
      isAway = false
      void connect()
    },
    stop() {
      isStopped = true
      socket?.terminate()
    },
  }
}
