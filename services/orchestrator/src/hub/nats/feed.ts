import {
  AckPolicy,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import type { SessionId } from '@vessel/proto/ids'
import { STREAMS } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'
import { Slots } from '../../slots.ts'
import type {
  Clock,
  FeedPage,
  FeedRange,
  FeedSource,
  FollowListener,
  HubLogger,
  StreamItem,
} from '../ports.ts'
import { Follow } from './follow.ts'
import { parseFeedMessage } from './parse-feed-message.ts'
import type { Reconnects } from './reconnects.ts'

export interface NatsFeedDeps {
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  readonly reconnects: Reconnects
  readonly clock: Clock
  readonly random: () => number
  readonly log: HubLogger
}

/** Consumers created at once: after a reconnect every watched session wants a new one. */
const OPENS_AT_ONCE_MAX = 16
/** A page is a read of a few hundred messages that exist already. */
const PAGE_TIMEOUT_MS = 5_000
/** The server forgets the reader of a page by itself if we die before deleting it. */
const PAGE_READER_IDLE_MS = 15_000

/** Session logs as JetStream keeps them. */
export function createNatsFeed(deps: NatsFeedDeps): FeedSource {
  const slots = new Slots(OPENS_AT_ONCE_MAX)
  return {
    follow: (session: SessionId, afterSeq: number, listener: FollowListener) =>
      new Follow({ ...deps, slots, session, listener }, afterSeq),
    page: (range, signal) => readPage(deps, range, signal),
    tail: async (session, signal) => {
      signal.throwIfAborted()
      const query = { last_by_subj: subjects.logOf(session) }
      const last = await deps.jsm.streams.getMessage(STREAMS.log.name, query)
      return last?.seq ?? 0
    },
  }
}

async function readPage(
  { js, jsm, log }: NatsFeedDeps,
  range: FeedRange,
  signal: AbortSignal,
): Promise<FeedPage> {
  signal.throwIfAborted()
  const stream = STREAMS.log.name
  const reader = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: range.after + 1,
    filter_subject: subjects.logOf(range.session),
    inactive_threshold: nanos(PAGE_READER_IDLE_MS),
    num_replicas: 1,
    mem_storage: true,
  })
  try {
    const count = Math.min(range.itemsMax, reader.num_pending)
    if (count === 0) return { items: [], readTo: range.upTo }
    const consumer = await js.consumers.get(stream, reader.name)
    const messages = await consumer.fetch({ max_messages: count, expires: PAGE_TIMEOUT_MS })

    const items: StreamItem[] = []
    let readTo = range.after
    let received = 0
    for await (const message of messages) {
      if (message.seq > range.upTo) return { items, readTo: range.upTo }
      const item = parseFeedMessage(range.session, message)
      if (item) items.push({ streamSeq: message.seq, item })
      else log.warn({ session: range.session, streamSeq: message.seq }, 'log message is not valid')
      readTo = message.seq
      received += 1
    }
    if (received === 0) throw new VesselError('BUS_DOWN', { detail: 'no answer to a history read' })
    return { items, readTo: received === reader.num_pending ? range.upTo : readTo }
  } finally {
    // Best effort: the server forgets an idle reader by itself.
    jsm.consumers.delete(stream, reader.name).catch(() => undefined)
  }
}
