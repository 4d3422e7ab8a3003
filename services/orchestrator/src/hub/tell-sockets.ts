import { SOCKETS_SHOWN_MAX, type SocketView } from '@vessel/proto/browser/socket-view'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

/** What is behind comes first, then what was lost, then what is busy. */
function byTrouble({ counters: a }: SocketView, { counters: b }: SocketView): number {
  return (
    b.bytesWaiting + b.itemsBehind - (a.bytesWaiting + a.itemsBehind) ||
    b.gapsSent - a.gapsSent ||
    b.itemsSent - a.itemsSent
  )
}

export function socketViewOf(connection: Connection): SocketView {
  return {
    id: connection.id,
    userId: connection.viewer?.userId ?? null,
    openedAt: new Date(connection.openedAtMs).toISOString(),
    topics: connection.topics.length,
    counters: connection.delivery(),
  }
}

/** Tells whoever watches `admin`, on any copy, how the browsers of this copy are served. */
export function tellSockets({ connections, notifications, clock, node }: HubContext): void {
  const sockets = [...connections].map(socketViewOf).sort(byTrouble).slice(0, SOCKETS_SHOWN_MAX)
  const at = new Date(clock.now()).toISOString()
  const ofCopy = { copy: node, at, total: connections.size, sockets }
  notifications.publish(
    { kind: 'admin' },
    {
      kind: 'items',
      items: [{ kind: 'sockets', sockets: ofCopy }],
    },
  )
}
