import type { Outcome } from '../../outcome.ts'
import { percentile } from '../../percentile.ts'
import type { WatcherMethods, WatchReport } from '../clients/watchers.ts'
import { Worker } from '../process/worker.ts'
import { type Running, STACKS, type Stack, startStack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { type Bus, Feed, paced } from '../support/feed.ts'
import { micros } from '../support/micros.ts'

/** Of the issue. */
const BACK_SHARE = 0.95
const BACK_WITHIN_MS_MAX = 5_000

const PER_SECOND = 2
const BEFORE_MS = 3_000
const AFTER_MS = 15_000
const SETTLE_WITHIN_MS = 20_000

interface Measured extends WatchReport {
  readonly dropped: number
  /** How long each of the dropped was gone; those who never came back, for ever. */
  readonly backMs: readonly number[]
}

/** One of two copies is killed: who comes back to the other, when, and with what missing? */
export async function avalanche(bus: Bus, { avalanche: sizes }: Sizes): Promise<Outcome> {
  const all: Measured[] = []
  for (const stack of STACKS) all.push(await measure(bus, stack, sizes.clients))
  const [vessel] = all
  const of = (get: (measured: Measured) => number) => all.map(get)
  const back = (share: number) => (one: Measured) => percentile(one.backMs, share)
  const never = ({ backMs }: Measured) => backMs.filter((ms) => !Number.isFinite(ms)).length
  return {
    name: `realtime/avalanche: ${sizes.clients} clients on two copies, one is killed`,
    columns: STACKS,
    rows: [
      { what: 'dropped', values: of(({ dropped }) => dropped) },
      { what: 'ms until half of them were back', values: of(back(0.5)) },
      { what: 'ms until 95 % were back', values: of(back(BACK_SHARE)) },
      { what: 'ms until the last was back', values: of(back(1)) },
      { what: 'never back', values: of(never) },
      { what: '% delivered', values: of(({ delivered }) => 100 * delivered) },
      { what: 'clients with every message', values: of(({ complete }) => complete) },
    ],
    bars: vessel ? barsOf(vessel, sizes.clients, back(BACK_SHARE)(vessel)) : [],
  }
}

function barsOf(vessel: Measured, clients: number, backMs: number): Outcome['bars'] {
  const { complete, ordered, doubled, resets } = vessel
  return [
    {
      what: '95 % are back',
      is: 'at most',
      limit: BACK_WITHIN_MS_MAX,
      reached: backMs,
      unit: 'ms',
    },
    {
      what: 'have every message, in order',
      is: 'at least',
      limit: clients,
      reached: Math.min(complete, ordered),
      unit: 'clients',
    },
    {
      what: 'given twice, or told to start over',
      is: 'at most',
      limit: 0,
      reached: doubled + resets,
      unit: 'messages',
    },
  ]
}

async function measure(bus: Bus, stack: Stack, count: number): Promise<Measured> {
  const copies: Running[] = [await startStack(stack, bus.url), await startStack(stack, bus.url)]
  const [doomed] = copies
  const watchers = new Worker<WatcherMethods>(new URL('../clients/watchers.ts', import.meta.url))
  const feed = new Feed(bus)
  const urls = copies.map(({ url }) => url)
  const flow = (forMs: number) =>
    paced({ perSecond: PER_SECOND, forMs, send: (dueUs) => feed.line(dueUs) })
  try {
    await watchers.call('start', { stack, urls, count, topic: feed.topic, seed: count })
    await flow(BEFORE_MS)
    // Marked before the kill: whoever notices it at once must be counted, too.
    const dropped = await watchers.call('markOn', { url: doomed?.url ?? '' })
    const killedAtUs = micros()
    const killing = doomed?.worker.kill()
    await flow(AFTER_MS)
    await killing
    await watchers.call('settle', { seq: feed.seq, withinMs: SETTLE_WITHIN_MS })
    const back = await watchers.call('backAtUs', {})
    const backMs = back.map((atUs) =>
      atUs === null ? Number.POSITIVE_INFINITY : (atUs - killedAtUs) / 1_000,
    )
    return { dropped, backMs, ...(await watchers.call('report', { total: feed.seq })) }
  } finally {
    await watchers.kill()
    for (const { worker } of copies) await worker.kill()
  }
}
