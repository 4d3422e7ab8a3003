import { parseJson } from '@vessel/proto/parse'
import type { Bid, PlaceRequest } from '@vessel/proto/placement'
import { placeRequest } from '@vessel/proto/placement'
import { subjects } from '@vessel/proto/subjects'
import type { Log } from '../vm/ports.ts'
import type { BusConnection } from './connection.ts'

/** Answers the market. Silence is the answer of a host without room. */
export function servePlacement(
  deps: { bus: BusConnection; log: Log },
  bidFor: (request: PlaceRequest) => Bid | null,
): { stop(): void } {
  const subscription = deps.bus.nats.subscribe(subjects.place, {
    callback: (fault, message) => {
      if (fault) return deps.log.error({ err: fault }, 'placement subscription failed')
      try {
        const bid = bidFor(parseJson(placeRequest, message.data))
        if (bid) message.respond(JSON.stringify(bid))
      } catch (thrown) {
        deps.log.warn({ err: thrown }, 'placement request refused')
      }
    },
  })
  return { stop: () => subscription.unsubscribe() }
}
