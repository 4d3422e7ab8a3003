import { errors, type NatsConnection } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import { parseJson } from '@vessel/proto/parse'
import { type Bid, bid } from '@vessel/proto/placement'
import { subjects } from '@vessel/proto/subjects'
import type { Market } from '../placement/ports.ts'
import type { Log } from '../ports.ts'

/** Hosts answer within 50 ms; the rest is the way there and back. */
const WAIT_MS = 200
/** The best of three is good enough; more are listened to as long as they come at once. */
const BIDS_MAX = 16
const STALL_MS = 75

export function createMarket(nc: NatsConnection, log: Log): Market {
  return {
    async ask(request) {
      const bids: Bid[] = []
      try {
        const replies = await nc.requestMany(subjects.place, JSON.stringify(request), {
          strategy: 'stall',
          maxWait: WAIT_MS,
          stall: STALL_MS,
          maxMessages: BIDS_MAX,
        })
        for await (const message of replies) {
          bids.push(parseJson(bid, message.data))
        }
      } catch (cause) {
        if (cause instanceof errors.NoRespondersError) return { isAnyoneThere: false, bids }
        if (nc.isClosed() || bids.length === 0) {
          throw new VesselError('BUS_DOWN', { detail: 'the hosts could not be asked', cause })
        }
        log.warn({ err: cause, session: request.session }, 'a bid could not be read')
      }
      return { isAnyoneThere: true, bids: bids.filter((one) => one.session === request.session) }
    },
  }
}
