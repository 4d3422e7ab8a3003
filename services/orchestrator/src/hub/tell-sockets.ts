import { SOCKETS_SHOWN_MAX, type SocketView } from '@vessel/proto/browser/socket-view'
import { formatTopic } from '@vessel/proto/browser/topics'
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

/** Of the time between two tellings: another copy may ask as well, but not at the same moments. */
const SOON = 0.9

/** Asks every copy, this one too, while somebody here watches `admin`. */
export function askForSockets({ channels, notifications }: HubContext): void {
  if (channels.has(formatTopic({ kind: 'admin' }))) {
    notifications.publish({ kind: 'sockets' }, { kind: 'sockets-ask' })
  }
}

/** Tells how the browsers of this copy are served when a copy asks, and else spares the work. */
export function answerAboutSockets(ctx: HubContext): { stop(): void } {
  let toldAtMs = Number.NEGATIVE_INFINITY
  const answer = () => {
    const nowMs = ctx.clock.now()
    if (nowMs - toldAtMs < ctx.limits.tellSocketsMs * SOON) return
    toldAtMs = nowMs
    tellSockets(ctx)
  }
  const subscribed = ctx.notifications.subscribe({ kind: 'sockets' }, answer)
  return { stop: () => void subscribed.then((end) => end()) }
}

function tellSockets({ connections, notifications, clock, node }: HubContext): void {
  const worst = [...connections].sort(byTrouble).slice(0, SOCKETS_SHOWN_MAX)
  const at = new Date(clock.now()).toISOString()
  const sockets = worst.map(socketViewOf)
  const ofCopy = { copy: node, at, total: connections.size, sockets }
  notifications.publish(
    { kind: 'admin' },
    { kind: 'items', items: [{ kind: 'sockets', sockets: ofCopy }] },
  )
}
