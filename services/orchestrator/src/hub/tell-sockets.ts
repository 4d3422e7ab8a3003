import { SOCKETS_SHOWN_MAX, type SocketView } from '@vessel/proto/browser/socket-view'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

type Counted = Pick<SocketView, 'counters'> & { readonly connection: Connection }

const countsOf = (connection: Connection): Counted => ({
  connection,
  counters: connection.delivery(),
})

/** What is behind comes first, then what was lost, then what is busy. */
function byTrouble({ counters: a }: Counted, { counters: b }: Counted): number {
  return (
    b.bytesWaiting + b.itemsBehind - (a.bytesWaiting + a.itemsBehind) ||
    b.gapsSent - a.gapsSent ||
    b.itemsSent - a.itemsSent
  )
}

export function socketViewOf(connection: Connection): SocketView {
  return viewOf(countsOf(connection))
}

function viewOf({ connection, counters }: Counted): SocketView {
  return {
    id: connection.id,
    userId: connection.viewer?.userId ?? null,
    openedAt: new Date(connection.openedAtMs).toISOString(),
    topics: connection.topics.length,
    counters,
  }
}

/** Tells whoever watches `admin`, on any copy, how the browsers of this copy are served. */
export function tellSockets({ connections, notifications, clock, node }: HubContext): void {
  const worst = [...connections].map(countsOf).sort(byTrouble).slice(0, SOCKETS_SHOWN_MAX)
  const sockets = worst.map(viewOf)
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
