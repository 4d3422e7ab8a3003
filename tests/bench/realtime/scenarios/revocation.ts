import type { Outcome } from '../../outcome.ts'
import type { Sizes } from '../sizes.ts'
import { startBench } from '../support/bench.ts'
import { type Bus, paced } from '../support/feed.ts'
import { micros } from '../support/micros.ts'

/** Of the issue. */
const WITHIN_MS_MAX = 5_000
const WATCHED_FOR_MS = 8_000
const SECOND_US = 1_000_000

/** Access is taken back while everyone watches and lines flow: when does the topic end? */
export async function revocation(bus: Bus, { revocation: sizes }: Sizes): Promise<Outcome> {
  const bench = await startBench(bus, { stack: 'vessel', clients: sizes.clients })
  const { clients, feed, relay } = bench
  try {
    const line = (dueUs: number) => feed.line(dueUs)
    await paced({ perSecond: 20, forMs: 2_000, send: line })
    const atUs = micros()
    await relay.worker.call('revoke', { topic: feed.topic })
    await paced({ perSecond: 20, forMs: WATCHED_FOR_MS, send: line })
    const ends = await clients.call('ends', {})
    await clients.call('report', {})
    // Whoever still were let in would be given these.
    await paced({ perSecond: 20, forMs: 1_000, send: line })
    const { deliveries } = await clients.call('report', {})

    const waits = ends.map((endUs) => (endUs === null ? Number.POSITIVE_INFINITY : endUs - atUs))
    const lastMs = (1_000 * Math.max(...waits)) / SECOND_US
    return {
      name: `realtime/revocation: access of ${sizes.clients} connections is taken back`,
      columns: ['vessel'],
      rows: [
        { what: 'ms until the last topic ended', values: [lastMs] },
        { what: 'lines given to anyone after that', values: [deliveries] },
      ],
      bars: [
        {
          what: 'until the last topic ended',
          is: 'at most',
          limit: WITHIN_MS_MAX,
          reached: lastMs,
          unit: 'ms',
        },
        { what: 'given after that', is: 'at most', limit: 0, reached: deliveries, unit: 'lines' },
      ],
    }
  } finally {
    await bench.stop()
  }
}
