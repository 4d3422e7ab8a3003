import { setTimeout as sleep } from 'node:timers/promises'
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import { type StampedEvent, stampedEvent } from '@vessel/proto/events/feed'
import { parseJson } from '@vessel/proto/parse'
import { STREAMS } from '@vessel/proto/streams'
import { parseSubject } from '@vessel/proto/subjects'
import type { Log } from '../ports.ts'

/** One consumer for all orchestrators: each event is worked on by one of them. */
const DURABLE = 'orchestrators'
const ACK_WITHIN_MS = 30_000
/** Worked on at once; beyond it the server waits. */
const IN_FLIGHT_MAX = 64
const API_TIMEOUT_MS = 5_000
const RETRY_MS = 2_000
/** A stream that is away (its server restarts) is looked for this often. */
const REOPEN_MS = 1_000

export interface EventConsumer {
  stop(): Promise<void>
}

export interface EventConsumerDeps {
  readonly nc: NatsConnection
  readonly log: Log
  /** A throw leaves the event for another try. */
  readonly onEvent: (event: StampedEvent) => Promise<void>
}

/** Takes lifecycle events from the stream, at least once each, for as long as it is not stopped. */
export function consumeEvents(deps: EventConsumerDeps): EventConsumer {
  const { log } = deps
  const inFlight = new Set<Promise<void>>()
  const stopping = new AbortController()
  let messages: ConsumerMessages | null = null

  const handle = async (message: JsMsg) => {
    try {
      await deps.onEvent(readEvent(message))
      message.ack()
    } catch (thrown) {
      const error = VesselError.from(thrown)
      if (error.code === 'VALIDATION' || error.code === 'BAD_REQUEST') {
        log.error({ err: thrown, subject: message.subject }, 'event is not valid and was dropped')
        message.term(error.code)
        return
      }
      log.warn({ err: thrown, subject: message.subject }, 'event is tried again')
      message.nak(RETRY_MS)
    }
  }

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        const consumer = await openConsumer(deps.nc)
        messages = await consumer.consume({ max_messages: IN_FLIGHT_MAX })
        if (stopping.signal.aborted) break
        for await (const message of messages) {
          const work = handle(message).finally(() => inFlight.delete(work))
          inFlight.add(work)
        }
      } catch (err) {
        if (!stopping.signal.aborted) log.warn({ err }, 'events cannot be read, trying again')
      }
      await sleep(REOPEN_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    async stop() {
      stopping.abort()
      await messages?.close()
      await running
      await Promise.allSettled(inFlight)
    },
  }
}

async function openConsumer(nc: NatsConnection): Promise<Consumer> {
  const manager = await jetstreamManager(nc, { checkAPI: false, timeout: API_TIMEOUT_MS })
  await manager.consumers.add(STREAMS.event.name, {
    durable_name: DURABLE,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WITHIN_MS),
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: IN_FLIGHT_MAX * 8,
  })
  return jetstream(nc).consumers.get(STREAMS.event.name, DURABLE)
}

/** The subject was checked by the server, so a host cannot speak for another in the body. */
function readEvent(message: JsMsg): StampedEvent {
  const event = parseJson(stampedEvent, message.data)
  const subject = parseSubject(message.subject)
  const isOwn =
    subject?.kind === 'event' && subject.host === event.host && subject.session === event.session
  if (!isOwn) throw new VesselError('VALIDATION', { detail: 'the event is not of its subject' })
  return event
}
