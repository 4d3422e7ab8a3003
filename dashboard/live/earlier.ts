import type { FeedItem } from '@vessel/proto/events/feed'
import type { Position } from '@vessel/proto/stamp'
import { Link } from './link.ts'
import type { Clock, RawSocket } from './types.ts'

/** One press of "load earlier" brings this many: some screens full, and drawn at once. */
export const EARLIER_ITEMS_MAX = 2_000
/** Nothing more after this: the reader is told instead of left waiting. */
const WITHIN_MS = 20_000
const GIVEN_UP = 1000

export interface EarlierDeps {
  readonly url: string
  readonly token: string
  readonly clock: Clock
  readonly connect: (url: string, protocol: string) => RawSocket
}

export interface EarlierWish {
  readonly topic: string
  /** Items before this one, which the reader has. */
  readonly before: Position
}

/** The server had nothing from before that place, or did not answer. */
export class EarlierUnavailable extends Error {
  override readonly name = 'EarlierUnavailable'
}

/**
 * Fetches what came before the oldest item a page still has, oldest first. It has a connection of
 * its own: on the page's own one the same items would be "seen already", and rightly dropped.
 */
export function fetchEarlier(deps: EarlierDeps, wish: EarlierWish): Promise<FeedItem[]> {
  const { bootId, seq: endSeq } = wish.before
  const sinceSeq = Math.max(0, endSeq - 1 - EARLIER_ITEMS_MAX)
  const found: FeedItem[] = []

  return new Promise((resolve, reject) => {
    const finish = (): void => {
      deps.clock.clearTimer(timer)
      link.drop(GIVEN_UP)
      if (found.length > 0) resolve(found.slice(-EARLIER_ITEMS_MAX))
      else reject(new EarlierUnavailable('the server has nothing from before'))
    }
    const timer = deps.clock.setTimer(finish, WITHIN_MS)
    const link = new Link({
      ...deps,
      onDown: finish,
      onFrame: (frame) => {
        if (frame.type === 'hello') {
          // Position 0 is before the first item; a server asked without a position starts there.
          const since = { bootId, seq: sinceSeq as Position['seq'] }
          link.send({ type: 'sub', id: 1, topic: wish.topic, ...(sinceSeq > 0 ? { since } : {}) })
        }
        if (frame.type === 'error') finish()
        if (frame.type !== 'events') return
        for (const item of frame.items) {
          if (!('seq' in item)) continue
          // An earlier boot of the same session comes whole, whatever its numbers.
          if (item.bootId === bootId && item.seq >= endSeq) return finish()
          found.push(item)
        }
        // A server that begins at the very start has more to tell than was asked for.
        if (found.length > EARLIER_ITEMS_MAX * 2) found.splice(0, EARLIER_ITEMS_MAX)
      },
    })
  })
}
