import { SOCKETS_SHOWN_MAX, type SocketView } from '@vessel/proto/browser/socket-view'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

/**
 * What is behind comes first, then what was lost, then what is busy. By the bare numbers: counting
 * everything of thousands of idle browsers is not free.
 */
function byTrouble(a: Connection, b: Connection): number {
  return (
    b.outbox.bytesWaiting - a.outbox.bytesWaiting ||
    b.counters.gapsSent - a.counters.gapsSent ||
    b.outbox.itemsSent - a.outbox.itemsSent
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
  const worst = [...connections].sort(byTrouble).slice(0, SOCKETS_SHOWN_MAX)
  const at = new Date(clock.now()).toISOString()
  const sockets = worst.map(socketViewOf)
  const ofCopy = { copy: node, at, total: connections.size, sockets }
  notifications.publish(
    { kind: 'admin' },
    { kind: 'items', items: [{ kind: 'sockets', sockets: ofCopy }] },
  )
}
