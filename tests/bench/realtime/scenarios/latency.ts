import { HUB_LIMITS } from '@vessel/orchestrator/testing/limits'
import type { Outcome } from '../../outcome.ts'
import type { Stack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { type Bench, startBench } from '../support/bench.ts'
import { type Bus, paced } from '../support/feed.ts'
import { Histogram } from '../support/histogram.ts'

const PEERS: readonly Stack[] = ['vessel', 'ws', 'socket.io']
/** Of the issue: what may come on top of the time that a batch gathers. */
const ON_TOP_MS_MAX = 30
const URGENT_OF_WS_MAX = 2

interface Times {
  readonly lines: Uint32Array[]
  readonly urgent: Uint32Array[]
}

/** How long an event is on its way from the agent to browsers that have all they need. */
export async function latency(bus: Bus, { latency: sizes }: Sizes): Promise<Outcome> {
  const times = new Map<Stack, Times>(PEERS.map((stack) => [stack, { lines: [], urgent: [] }]))
  const benches: Bench[] = []
  try {
    for (const stack of PEERS) benches.push(await startBench(bus, { stack, ...sizes }))
    // The first round of each warms up.
    for (let round = 0; round <= sizes.rounds; round += 1) {
      for (const bench of benches) {
        const { lines, urgent } = await measure(bench, sizes)
        if (round === 0) continue
        times.get(bench.stack)?.lines.push(lines)
        times.get(bench.stack)?.urgent.push(urgent)
      }
    }
  } finally {
    for (const bench of benches) await bench.stop()
  }
  return outcomeOf(times, sizes)
}

async function measure({ feed, clients }: Bench, sizes: Sizes['latency']) {
  const forMs = sizes.roundMs
  await Promise.all([
    paced({ perSecond: sizes.linesPerSecond, forMs, send: (dueUs) => feed.line(dueUs) }),
    paced({ perSecond: sizes.urgentPerSecond, forMs, send: (dueUs) => feed.urgent(dueUs) }),
  ])
  await clients.call('reached', { seq: feed.seq, withinMs: 10_000 })
  const report = await clients.call('report', {})
  if (report.missing + report.doubled + report.closed > 0) throw new Error('events were lost')
  return report
}

function outcomeOf(all: ReadonlyMap<Stack, Times>, sizes: Sizes['latency']): Outcome {
  const of = (kind: keyof Times, share: number) =>
    PEERS.map((stack) => Histogram.merge(all.get(stack)?.[kind] ?? []).percentile(share))
  const [lines = Number.NaN] = of('lines', 0.99)
  const [urgent = Number.NaN, urgentOfWs = Number.NaN] = of('urgent', 0.99)
  const { clients, linesPerSecond } = sizes
  return {
    name: `realtime/latency: agent to ${clients} browsers, ${linesPerSecond} lines/s, open loop`,
    columns: PEERS,
    rows: [
      { what: 'ms, lines, p50', values: of('lines', 0.5) },
      { what: 'ms, lines, p95', values: of('lines', 0.95) },
      { what: 'ms, lines, p99', values: of('lines', 0.99) },
      { what: 'ms, urgent events, p50', values: of('urgent', 0.5) },
      { what: 'ms, urgent events, p99', values: of('urgent', 0.99) },
    ],
    bars: [
      {
        what: `p99 of lines to ${clients} clients`,
        is: 'at most',
        limit: HUB_LIMITS.batchMs + ON_TOP_MS_MAX,
        reached: lines,
        unit: 'ms',
      },
      {
        what: 'p99 of urgent events, of ws',
        is: 'at most',
        limit: URGENT_OF_WS_MAX,
        reached: urgent / urgentOfWs,
        unit: '×',
      },
    ],
  }
}
