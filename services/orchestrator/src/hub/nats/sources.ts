import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Clock, FeedSource, HubLogger, MetricSource, Notifications } from '../ports.ts'
import { createNatsFeed } from './feed.ts'
import { createNatsMetrics } from './metrics.ts'
import { createNatsNotifications } from './notifications.ts'
import { createReconnects } from './reconnects.ts'

export interface NatsSources {
  readonly feed: FeedSource
  readonly metricSource: MetricSource
  /** Also what the rest of the orchestrator publishes changes with. */
  readonly notifications: Notifications
}

export interface NatsSourcesDeps {
  readonly nc: NatsConnection
  readonly clock: Clock
  readonly random: () => number
  readonly log: HubLogger
}

/** Everything the hub reads from the bus, over one connection. The streams must exist. */
export async function createNatsSources(deps: NatsSourcesDeps): Promise<NatsSources> {
  const { nc, log } = deps
  const js = jetstream(nc)
  // Without the check for JetStream: the bus may be away just now, and it comes back.
  const jsm = await jetstreamManager(nc, { checkAPI: false })
  const reconnects = createReconnects(nc)
  return {
    feed: createNatsFeed({ ...deps, js, jsm, reconnects }),
    metricSource: createNatsMetrics({ nc, jsm, log }),
    notifications: createNatsNotifications({ nc, reconnects, log }),
  }
}
