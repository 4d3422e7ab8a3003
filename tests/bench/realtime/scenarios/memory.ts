import type { Bar, Outcome, Row } from '../../outcome.ts'
import { type Stack, startStack } from '../servers/stacks.ts'
import type { Sizes } from '../sizes.ts'
import { startLeanClients } from '../support/bench.ts'
import { type Bus, Feed } from '../support/feed.ts'

const PEERS: readonly Stack[] = ['vessel', 'ws', 'socket.io']
/** Of the issue. */
const OF_WS_MAX = 1.6
/** Connected before the first measurement: what the first connections load is nobody's share. */
const WARM_UP = 1_000

interface Held {
  readonly rssKib: number
  readonly heapKib: number
  readonly connections: number
}

type Watching = 'one session' | 'their own topic'

/** What a connection costs that is logged in, watches one topic and waits. */
export async function memory(bus: Bus, { memory: sizes }: Sizes): Promise<Outcome> {
  const rows: Row[] = []
  const bars: Bar[] = []
  const count = sizes.connections
  for (const watching of ['one session', 'their own topic'] as const) {
    const held: Held[] = []
    for (const stack of PEERS) held.push(await hold(bus, { stack, count, watching }))
    const what = `${count} watching ${watching}`
    rows.push(
      { what: `KiB of RSS each, ${what}`, values: held.map(({ rssKib }) => rssKib) },
      { what: `KiB of heap each, ${what}`, values: held.map(({ heapKib }) => heapKib) },
    )
    bars.push(...barsOf(held, what, count))
  }
  return { name: 'realtime/memory: idle connections, logged in', columns: PEERS, rows, bars }
}

async function hold(
  bus: Bus,
  { stack, count, watching }: { stack: Stack; count: number; watching: Watching },
): Promise<Held> {
  const { worker, url } = await startStack(stack, bus.url)
  const clients = startLeanClients()
  const topic = watching === 'one session' ? new Feed(bus).topic : null
  try {
    await clients.call('connect', { stack, url, topic, count: WARM_UP })
    const before = await worker.call('usage', { isCollected: true })
    await clients.call('connect', { stack, url, topic, count: count - WARM_UP })
    const after = await worker.call('usage', { isCollected: true })
    return {
      rssKib: (after.rssBytes - before.rssBytes) / 1_024 / (count - WARM_UP),
      heapKib: (after.heapBytes - before.heapBytes) / 1_024 / (count - WARM_UP),
      connections: after.connections,
    }
  } finally {
    await clients.kill()
    await worker.kill()
  }
}

function barsOf([vessel, ws]: readonly Held[], what: string, count: number): Bar[] {
  return [
    {
      what: `RSS of a connection, of ws, ${what}`,
      is: 'at most',
      limit: OF_WS_MAX,
      reached: (vessel?.rssKib ?? Number.NaN) / (ws?.rssKib ?? Number.NaN),
      unit: '×',
    },
    {
      what: 'held by one process',
      is: 'at least',
      limit: count,
      reached: vessel?.connections ?? 0,
      unit: 'connections',
    },
  ]
}
