import type { IncomingMessage } from 'node:http'
import { HEADERS } from '@vessel/proto/headers'
import { type VisitorId, visitorId } from '@vessel/proto/ids'

/** What can be ended of a visit: a WebSocket, or an answer that is still being sent. */
export interface Visit {
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

export interface Visits {
  /** Remembers it until it closes. */
  note(visit: Visit, incoming: IncomingMessage): void
  /** Ends all that these visitors have open; how many that were. */
  end(visitors: readonly VisitorId[]): number
}

/**
 * Whose connection is whose. The gateway's check looks at a connection when it begins and never
 * again, so those of a visitor who has ended are ended here.
 */
export function createVisits(): Visits {
  const open = new Map<VisitorId, Set<Visit>>()
  return {
    note(visit, incoming) {
      // Hosts of an older version do not say who it is.
      const visitor = visitorId.safeParse(incoming.headers[HEADERS.visitor]).data
      if (visitor === undefined) return
      const theirs = open.get(visitor) ?? new Set()
      open.set(visitor, theirs.add(visit))
      visit.once('close', () => {
        theirs.delete(visit)
        if (theirs.size === 0 && open.get(visitor) === theirs) open.delete(visitor)
      })
    },
    end(visitors) {
      const ended = visitors.flatMap((visitor) => [...(open.get(visitor) ?? [])])
      for (const visit of ended) visit.destroy()
      return ended.length
    },
  }
}
