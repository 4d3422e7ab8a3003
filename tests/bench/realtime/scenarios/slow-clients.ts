import type { Outcome } from '../../outcome.ts'
import type { Usage } from '../servers/relay.ts'
import type { Stack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { type Bench, startBench, startLeanClients } from '../support/bench.ts'
import { type Bus, Feed, paced } from '../support/feed.ts'
import { Histogram } from '../support/histogram.ts'

const PEERS: readonly Stack[] = ['vessel', 'ws']
/** Of the issue. */
const MIB_EACH_MAX = 2
const P99_RATIO_MAX = 1.5

const LINE_BYTES = 1_024
const LINES_PER_SECOND = 20
const SAMPLE_MS = 500
const MIB = 1_048_576

interface Phase {
  readonly p99: number
  readonly rssMib: number
  readonly waitingMib: number
}

interface Measured {
  readonly baseline: Phase
  readonly slow: Phase
  /** Of all clients, after the slow ones read again: who had everything in the end. */
  readonly complete: number
  readonly damage: number
}

/**
 * Some clients stop reading while logs flow: what does it cost, and do the others notice? The slow
 * ones watch a session that prints more than the system's own buffers hold: with less they would
 * not even be seen to be slow.
 */
export async function slowClients(bus: Bus, { slow: sizes }: Sizes): Promise<Outcome> {
  const vessel = await measure(bus, 'vessel', sizes)
  const ws = await measure(bus, 'ws', sizes)
  const both = (of: (measured: Measured) => number) => [of(vessel), of(ws)]
  const eachMib = ({ baseline, slow }: Measured) =>
    Math.max(0, slow.rssMib - baseline.rssMib) / sizes.slow
  return {
    name: `realtime/slow-clients: ${sizes.slow} of ${sizes.clients} stop reading`,
    columns: PEERS,
    rows: [
      { what: 'ms, p99 while all read', values: both(({ baseline }) => baseline.p99) },
      { what: 'ms, p99 of the others', values: both(({ slow }) => slow.p99) },
      { what: 'MiB of RSS at most while all read', values: both((one) => one.baseline.rssMib) },
      { what: 'MiB of RSS at most while some do not', values: both((one) => one.slow.rssMib) },
      { what: 'MiB of RSS per slow client', values: both(eachMib) },
      { what: 'MiB waiting in the process at most', values: both((one) => one.slow.waitingMib) },
      {
        what: '% of the slow ones with every line in the end',
        values: both(({ complete }) => complete),
      },
      { what: 'lines missing, doubled, or clients closed', values: both(({ damage }) => damage) },
    ],
    bars: [
      {
        what: 'RSS per slow client',
        is: 'at most',
        limit: MIB_EACH_MAX,
        reached: eachMib(vessel),
        unit: 'MiB',
      },
      {
        what: 'p99 of the others, of when all read',
        is: 'at most',
        limit: P99_RATIO_MAX,
        reached: vessel.slow.p99 / vessel.baseline.p99,
        unit: '×',
      },
      {
        what: 'clients with every line once, when the slow ones read again',
        is: 'at least',
        limit: 100,
        reached: vessel.damage === 0 ? vessel.complete : 0,
        unit: '%',
      },
    ],
  }
}

async function measure(bus: Bus, stack: Stack, sizes: Sizes['slow']): Promise<Measured> {
  const bench = await startBench(bus, { stack, clients: sizes.clients - sizes.slow })
  const slow = startLeanClients()
  const noisy = new Feed(bus, LINE_BYTES)
  const phase = (forMs: number) => flow({ bench, noisy, forMs, kibPerSecond: sizes.kibPerSecond })
  try {
    const { url } = bench.relay
    await slow.call('connect', { stack, url, count: sizes.slow, topic: noisy.topic })
    // Buffers grow to their size before anything is measured.
    await phase(sizes.baselineMs / 2)
    const baseline = await phase(sizes.baselineMs)
    await slow.call('pause', { count: sizes.slow })
    const paused = await phase(sizes.slowMs)
    await slow.call('resume', {})
    const caughtUp = await slow.call('reached', { seq: noisy.seq, withinMs: 60_000 })
    const reports = [await slow.call('report', {}), await bench.clients.call('report', {})]
    const damage = reports.map(({ missing, doubled, closed }) => missing + doubled + closed)
    return {
      baseline,
      slow: paused,
      complete: (100 * caughtUp) / sizes.slow,
      damage: damage.reduce((sum, one) => sum + one, 0),
    }
  } finally {
    await slow.kill()
    await bench.stop()
  }
}

interface Flow {
  readonly bench: Bench
  readonly noisy: Feed
  readonly forMs: number
  readonly kibPerSecond: number
}

/** Both sessions print; what the relay holds is looked at all the time. */
async function flow({ bench, noisy, forMs, kibPerSecond }: Flow): Promise<Phase> {
  const { clients, feed, relay } = bench
  const samples: Usage[] = []
  const sampling = setInterval(async () => {
    samples.push(await relay.worker.call('usage', { isCollected: false }))
  }, SAMPLE_MS)
  const perSecond = (kibPerSecond * 1_024) / LINE_BYTES
  await Promise.all([
    paced({ perSecond: LINES_PER_SECOND, forMs, send: (dueUs) => feed.line(dueUs) }),
    paced({ perSecond, forMs, send: (dueUs) => noisy.line(dueUs) }),
  ])
  clearInterval(sampling)
  const { lines } = await clients.call('report', {})
  return {
    p99: new Histogram(lines).percentile(0.99),
    rssMib: Math.max(...samples.map(({ rssBytes }) => rssBytes)) / MIB,
    waitingMib: Math.max(...samples.map(({ waitingBytes }) => waitingBytes)) / MIB,
  }
}
