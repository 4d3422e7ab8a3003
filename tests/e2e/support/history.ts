import { readFile } from 'node:fs/promises'
import { jetstream } from '@nats-io/jetstream'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { type FeedItem, feedItem } from '@vessel/proto/events/feed'
import { sessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { STREAMS } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'
import { closingAfter } from '../../support/closing.ts'
import type { Product } from './product.ts'

const EMPTY_AFTER_MS = 1_000

/** The bus with the rights of an orchestrator. */
export async function connectAsOrchestrator(product: Product): Promise<NatsConnection> {
  const seed = (await readFile(product.keys.orchestratorNkeyFile, 'utf8')).trim()
  return connect({
    servers: product.urls.nats,
    inboxPrefix: '_INBOX.orch',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
  })
}

/** Everything the stream holds of a session, in its order: what really happened. */
export async function historyOf(product: Product, session: string): Promise<FeedItem[]> {
  const nc = await connectAsOrchestrator(product)
  const read = async () => {
    const subject = subjects.logOf(sessionId.parse(session))
    const consumer = await jetstream(nc).consumers.get(STREAMS.log.name, {
      filter_subjects: subject,
    })
    const items: FeedItem[] = []
    for (;;) {
      const message = await consumer.next({ expires: EMPTY_AFTER_MS })
      if (!message) return items
      items.push(parseJson(feedItem, message.data))
      if (message.info.pending === 0) return items
    }
  }
  return closingAfter(read, () => nc.close())
}
