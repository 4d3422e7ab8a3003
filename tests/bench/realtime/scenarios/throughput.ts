import type { Bar, Outcome, Row } from '../../outcome.ts'
import type { Stack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { type Bench, median, startBench } from '../support/bench.ts'
import type { Bus } from '../support/feed.ts'

const PEERS: readonly Stack[] = ['vessel', 'ws', 'socket.io']
/** Of the issue. */
const OF_WS_MIN = 0.8
const OF_SOCKET_IO_MIN = 1

/** Events published together: five full batches, so that no batch waits for its time. */
const BURST = 50
/** Bursts on their way at once: enough that no stack waits for the publisher. */
const BURSTS_AHEAD = 4

interface Round {
  readonly perSecond: number
  readonly cpuUs: number
}

/** How many events a stack brings to its clients when the next follow as soon as they can. */
export async function throughput(bus: Bus, sizes: Sizes): Promise<Outcome> {
  const rows: Row[] = []
  const bars: Bar[] = []
  for (const clients of sizes.throughput.clients) {
    const rounds = await measureAll(bus, sizes, clients)
    const ofStack = (of: (round: Round) => number) =>
      PEERS.map((stack) => median((rounds.get(stack) ?? []).map(of)))
    rows.push(
      { what: `deliveries/s, ${clients} clients`, values: ofStack(({ perSecond }) => perSecond) },
      { what: `server µs of CPU per delivery, ${clients}`, values: ofStack(({ cpuUs }) => cpuUs) },
    )
    bars.push(
      barOf(rounds, clients, { peer: 'ws', limit: OF_WS_MIN }),
      barOf(rounds, clients, { peer: 'socket.io', limit: OF_SOCKET_IO_MIN }),
    )
  }
  return { name: 'realtime/throughput: closed loop, batched alike', columns: PEERS, rows, bars }
}

/** The stacks take turns, so that what else the machine does hits all of them. */
async function measureAll(bus: Bus, { throughput: sizes }: Sizes, clients: number) {
  const rounds = new Map<Stack, Round[]>(PEERS.map((stack) => [stack, []]))
  const benches: Bench[] = []
  try {
    for (const stack of PEERS) benches.push(await startBench(bus, { stack, clients }))
    // The first round of each warms up.
    for (let round = 0; round <= sizes.rounds; round += 1) {
      for (const bench of benches) {
        const measured = await measure(bench, clients, sizes.roundMs)
        if (round > 0) rounds.get(bench.stack)?.push(measured)
      }
    }
    for (const { stack, clients: lean } of benches) {
      const { missing, doubled, closed } = await lean.call('report', {})
      if (missing + doubled + closed > 0) {
        throw new Error(`${stack}: ${missing} missing, ${doubled} doubled, ${closed} closed`)
      }
    }
  } finally {
    for (const bench of benches) await bench.stop()
  }
  return rounds
}

async function measure(bench: Bench, clients: number, forMs: number): Promise<Round> {
  const { feed, relay } = bench
  const before = await relay.worker.call('usage', { isCollected: false })
  const firstSeq = feed.seq
  const startedAt = performance.now()
  const isTime = () => performance.now() - startedAt > forMs
  const delivered = (seq: number) => bench.clients.call('delivered', { total: seq * clients })

  const ends: Promise<void>[] = []
  while (!isTime()) {
    const publishing = feed.lines(BURST)
    ends.push(delivered(feed.seq))
    await publishing
    if (ends.length >= BURSTS_AHEAD) await ends[ends.length - BURSTS_AHEAD]
  }
  await ends.at(-1)
  const seconds = (performance.now() - startedAt) / 1_000
  const after = await relay.worker.call('usage', { isCollected: false })
  const deliveries = (feed.seq - firstSeq) * clients
  return {
    perSecond: deliveries / seconds,
    cpuUs: (after.cpuUs - before.cpuUs) / deliveries,
  }
}

/** Round against round: both ran in the same minute. */
function barOf(
  rounds: ReadonlyMap<Stack, readonly Round[]>,
  clients: number,
  { peer, limit }: { peer: Stack; limit: number },
): Bar {
  const own = rounds.get('vessel') ?? []
  const others = rounds.get(peer) ?? []
  const ratios = own.map(({ perSecond }, at) => perSecond / (others[at]?.perSecond ?? Number.NaN))
  return {
    what: `deliveries/s at ${clients} clients, of ${peer}`,
    is: 'at least',
    limit,
    reached: median(ratios),
    unit: '×',
  }
}
