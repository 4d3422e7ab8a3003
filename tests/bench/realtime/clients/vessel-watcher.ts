import { createSocket } from '@vessel/dashboard/live/socket.ts'
import type { PageSignals, RawSocket } from '@vessel/dashboard/live/types.ts'
import { ORIGIN } from '@vessel/orchestrator/testing/hub-stack'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { WebSocket } from 'ws'
import type { Received } from './frame-reader.ts'
import { rotate, type Watcher, type WatcherDeps } from './watcher.ts'

/** The dashboard's own client, told of the network as a browser would tell it. */
export function watchVessel(deps: WatcherDeps): Watcher {
  const nextUrl = rotate(deps)
  let url = ''
  let raw: WebSocket | null = null
  let isOnline = true
  let tell = () => {}
  const page: PageSignals = {
    isOnline: () => isOnline,
    isVisible: () => true,
    onChange(listener) {
      tell = listener
      return () => undefined
    },
  }
  const socket = createSocket({
    url: 'ws://any',
    getToken: deps.token,
    random: deps.random,
    page,
    connect(_url, protocol) {
      url = nextUrl()
      raw = new WebSocket(url, protocol, { origin: ORIGIN, perMessageDeflate: false })
      return raw as unknown as RawSocket
    },
  })
  socket.subscribe(deps.topic, {
    onItems: (items) => deps.onItems(items.flatMap(receivedOf)),
    onSubscribed: deps.onUp,
    onReset: deps.onReset,
  })
  return {
    get url() {
      return url
    },
    cut() {
      isOnline = false
      raw?.terminate()
    },
    restore() {
      isOnline = true
      tell()
    },
    stop: () => socket.close(),
  }
}

function receivedOf(item: TopicItem): Received[] {
  if (item.kind !== 'line') return []
  return [{ seq: item.seq, dueUs: Number.parseInt(item.text, 10), isUrgent: false }]
}
