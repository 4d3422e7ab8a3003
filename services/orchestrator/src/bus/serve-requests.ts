import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import type { HostId } from '@vessel/proto/ids'
import type { Reply, ReplyOf, RequestOf } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { REQUESTS } from '@vessel/proto/registry'
import { parseSubject, REQUEST_QUEUE, type RequestVerb, subjects } from '@vessel/proto/subjects'
import type { Log } from '../ports.ts'

type Asked<V extends RequestVerb> = (typeof REQUESTS)[V]

/** What each request of an agent does. A new verb in proto does not compile until handled here. */
export type RequestHandlers = {
  readonly [V in RequestVerb]: (
    host: HostId,
    request: RequestOf<Asked<V>>,
  ) => Promise<ReplyOf<Asked<V>>>
}

/** Requests worked on at once; a storm beyond it is refused, and agents ask again. */
const IN_FLIGHT_MAX = 512

export interface RequestServer {
  /** Takes no more, and resolves when those in work are answered. */
  stop(): Promise<void>
}

/** Orchestrators share the questions of agents; whoever gets one answers it. */
export function serveRequests(
  deps: { nc: NatsConnection; log: Log },
  handlers: RequestHandlers,
): RequestServer {
  const inFlight = new Set<Promise<void>>()

  const answer = async (message: Msg) => {
    let reply: Reply<unknown>
    try {
      reply = { ok: true, value: await dispatch(handlers, message) }
    } catch (thrown) {
      const error = VesselError.from(thrown)
      const facts = { subject: message.subject, code: error.code, err: thrown }
      if (error.kind === 'bug') deps.log.error(facts, 'request of an agent broke')
      else deps.log.info(facts, 'request of an agent refused')
      reply = { ok: false, error: error.toShape() }
    }
    message.respond(JSON.stringify(reply))
  }

  const take = (message: Msg) => {
    if (inFlight.size >= IN_FLIGHT_MAX) {
      const error = new VesselError('OVERLOADED', { retryAfterMs: 1_000 }).toShape()
      message.respond(JSON.stringify({ ok: false, error }))
      return
    }
    const work = answer(message)
      .catch((err) => deps.log.warn({ err }, 'request of an agent not answered'))
      .finally(() => inFlight.delete(work))
    inFlight.add(work)
  }

  const subscriptions = Object.keys(REQUESTS).map((verb) =>
    deps.nc.subscribe(subjects.requestsOf(verb as RequestVerb), {
      queue: REQUEST_QUEUE,
      callback: (fault, message) => {
        if (fault) return deps.log.error({ err: fault, verb }, 'request subscription failed')
        take(message)
      },
    }),
  )

  return {
    async stop() {
      for (const subscription of subscriptions) subscription.unsubscribe()
      await Promise.allSettled(inFlight)
    },
  }
}

async function dispatch(handlers: RequestHandlers, message: Msg): Promise<unknown> {
  const parsed = parseSubject(message.subject)
  if (parsed?.kind !== 'request') throw new VesselError('NOT_FOUND', { detail: 'no such request' })
  const request = parseJson(REQUESTS[parsed.verb].request, message.data)
  // The schema looked up by the verb is the one of the handler looked up by the same verb.
  const handle = handlers[parsed.verb] as (host: HostId, value: unknown) => Promise<unknown>
  return handle(parsed.host, request)
}
