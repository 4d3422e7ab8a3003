import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import type { Bar, Outcome, Row } from '../../outcome.ts'
import type { AttackMethods, AttackResult } from '../clients/attackers.ts'
import { Worker } from '../process/worker.ts'
import type { Sizes } from '../sizes.ts'
import { type Bench, startBench } from '../support/bench.ts'
import { type Bus, paced } from '../support/feed.ts'
import { Histogram } from '../support/histogram.ts'

/** Of the issue, for slow clients: who behaves must notice no more of hostile ones. */
const P99_RATIO_MAX = 1.5
const LINES_PER_SECOND = 20
const MIB = 1_048_576

/** How each attack has to end: with one of these codes, HTTP statuses or close codes. */
const ENDS: Readonly<Record<keyof AttackMethods, readonly number[]>> = {
  fuzzedFrames: [
    CLOSE_CODES.badFrame,
    CLOSE_CODES.unauthenticated,
    CLOSE_CODES.flood,
    CLOSE_CODES.revoked,
  ],
  giantFrames: [CLOSE_CODES.tooLarge],
  fragmentStorms: [CLOSE_CODES.tooLarge, CLOSE_CODES.badFrame],
  authFloods: [CLOSE_CODES.unauthenticated],
  // Those that had said nothing for a while make room for others before their time is over.
  silentFloods: [CLOSE_CODES.unauthenticated, CLOSE_CODES.overloaded, 503],
  subscriptionFloods: [CLOSE_CODES.flood],
  wrongOrigins: [403],
}

/** Attack after attack while others watch: is each put out as it should be, and who notices? */
export async function hostileClients(bus: Bus, { hostile: sizes }: Sizes): Promise<Outcome> {
  const bench = await startBench(bus, { stack: 'vessel', clients: sizes.watchers })
  const file = new URL('../clients/attackers.ts', import.meta.url)
  const attackers = new Worker<AttackMethods>(file)
  const rows: Row[] = []
  const bars: Bar[] = []
  try {
    await watch(bench, sizes.forMs / 3)
    const quiet = await watch(bench, sizes.forMs)
    const rssBefore = await rssMib(bench)
    const all: Uint32Array[] = []
    for (const name of Object.keys(ENDS) as (keyof AttackMethods)[]) {
      const attack = attackers.call(name, { url: bench.relay.url })
      const watched = await watchDuring(bench, attack)
      all.push(watched.lines)
      const wrong = wrongEnds(await attack, ENDS[name])
      rows.push({
        what: `${name}: ${describe(await attack)}`,
        values: [new Histogram(watched.lines).percentile(0.99)],
      })
      bars.push({
        what: `${name} ended otherwise`,
        is: 'at most',
        limit: 0,
        reached: wrong,
        unit: '',
      })
    }
    const p99 = Histogram.merge(all).percentile(0.99)
    const quietP99 = new Histogram(quiet.lines).percentile(0.99)
    const { missing, doubled, closed } = await bench.clients.call('report', {})
    bars.push(
      {
        what: 'p99 of who behaves, of when all do',
        is: 'at most',
        limit: P99_RATIO_MAX,
        reached: p99 / quietP99,
        unit: '×',
      },
      {
        what: 'lines missing, doubled, or watchers closed',
        is: 'at most',
        limit: 0,
        reached: missing + doubled + closed,
        unit: '',
      },
    )
    rows.unshift({ what: 'before any attack', values: [quietP99] })
    rows.push({ what: 'all attacks together', values: [p99] })
    rows.push({ what: 'MiB of RSS more than before', values: [(await rssMib(bench)) - rssBefore] })
    const name = `realtime/hostile-clients: ${sizes.watchers} watch`
    return { name, columns: ['p99, ms'], rows, bars }
  } finally {
    await attackers.kill()
    await bench.stop()
  }
}

const rssMib = async ({ relay }: Bench) =>
  (await relay.worker.call('usage', { isCollected: true })).rssBytes / MIB

async function watch({ feed, clients }: Bench, forMs: number) {
  await clients.call('report', {})
  await paced({ perSecond: LINES_PER_SECOND, forMs, send: (dueUs) => feed.line(dueUs) })
  await clients.call('reached', { seq: feed.seq, withinMs: 10_000 })
  return clients.call('report', {})
}

/** Lines flow for as long as the attack takes. */
async function watchDuring(bench: Bench, attack: Promise<unknown>) {
  const { feed, clients } = bench
  let isOver = false
  const ended = attack.finally(() => {
    isOver = true
  })
  await clients.call('report', {})
  while (!isOver) {
    await paced({ perSecond: LINES_PER_SECOND, forMs: 500, send: (dueUs) => feed.line(dueUs) })
  }
  await ended
  await clients.call('reached', { seq: feed.seq, withinMs: 10_000 })
  return clients.call('report', {})
}

const wrongEnds = (results: AttackResult, allowed: readonly number[]): number =>
  results.filter(({ code }) => !allowed.includes(code)).reduce((sum, { count }) => sum + count, 0)

const describe = (results: AttackResult): string =>
  results.map(({ code, count }) => `${count} × ${code}`).join(', ')
