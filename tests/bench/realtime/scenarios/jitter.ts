import type { Outcome } from '../../outcome.ts'
import { percentile } from '../../percentile.ts'
import type { WatcherMethods, WatchReport } from '../clients/watchers.ts'
import { Worker } from '../process/worker.ts'
import { STACKS, type Stack, startStack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { type Bus, Feed, paced } from '../support/feed.ts'

/** Of the issue. */
const REPLAY_P99_MS_MAX = 3_000
/** How long after the last message whoever still comes back may take. */
const SETTLE_WITHIN_MS = 15_000

type Measured = WatchReport & { readonly cuts: number }

/** Cables are cut at random while messages go on: who has all of them in the end? */
export async function jitter(bus: Bus, { jitter: sizes }: Sizes): Promise<Outcome> {
  const seed = Date.now() % 1_000_000
  const all: Measured[] = []
  // With the same seed each is cut at the same moments; together they would load each other.
  for (const stack of STACKS) all.push(await measure(bus, { stack, seed, sizes }))
  const [vessel] = all
  const of = (get: (measured: Measured) => number) => all.map(get)
  const replay = (share: number) => (one: Measured) =>
    one.replayMs.length > 0 ? percentile(one.replayMs, share) : Number.NaN
  const { clients, messages } = sizes
  return {
    name: `realtime/jitter: ${clients} clients, ${messages} messages, seed ${seed}`,
    columns: STACKS,
    rows: [
      { what: '% delivered', values: of(({ delivered }) => 100 * delivered) },
      { what: 'clients with every message', values: of(({ complete }) => complete) },
      { what: 'clients that saw all in order', values: of(({ ordered }) => ordered) },
      { what: 'messages given twice', values: of(({ doubled }) => doubled) },
      { what: 'cuts', values: of(({ cuts }) => cuts) },
      { what: 'ms from the return to a missed message, p50', values: of(replay(0.5)) },
      { what: 'ms from the return to a missed message, p99', values: of(replay(0.99)) },
      { what: 'ms from the return to a missed message, most', values: of(replay(1)) },
    ],
    bars: vessel ? barsOf(vessel, clients, replay(0.99)(vessel)) : [],
  }
}

function barsOf(vessel: Measured, clients: number, replayP99: number): Outcome['bars'] {
  const all = { is: 'at least', limit: clients, unit: 'clients' } as const
  return [
    { what: 'have every message', reached: vessel.complete, ...all },
    { what: 'saw all in order', reached: vessel.ordered, ...all },
    {
      what: 'given twice, or told to start over',
      is: 'at most',
      limit: 0,
      reached: vessel.doubled + vessel.resets,
      unit: 'messages',
    },
    {
      what: 'replay p99',
      is: 'at most',
      limit: REPLAY_P99_MS_MAX,
      reached: replayP99,
      unit: 'ms',
    },
  ]
}

interface MeasureOptions {
  readonly stack: Stack
  readonly seed: number
  readonly sizes: Sizes['jitter']
}

async function measure(bus: Bus, { stack, seed, sizes }: MeasureOptions): Promise<Measured> {
  const { clients: count, messages, perSecond, cutEveryMs, awayMs } = sizes
  const relay = await startStack(stack, bus.url)
  const file = new URL('../clients/watchers.ts', import.meta.url)
  const watchers = new Worker<WatcherMethods>(file)
  const feed = new Feed(bus)
  const forMs = (1_000 * messages) / perSecond
  try {
    await watchers.call('start', { stack, seed, count, urls: [relay.url], topic: feed.topic })
    const [cuts] = await Promise.all([
      watchers.call('cut', { everyMs: cutEveryMs, awayMs, forMs }),
      paced({ perSecond, forMs, send: (dueUs) => feed.line(dueUs) }),
    ])
    await watchers.call('settle', { seq: feed.seq, withinMs: SETTLE_WITHIN_MS })
    return { cuts, ...(await watchers.call('report', { total: messages })) }
  } finally {
    await watchers.kill()
    await relay.worker.kill()
  }
}
