import { randomUUID } from 'node:crypto'
import { seededRandom } from '@vessel/orchestrator/testing/seeded-random'
import { serve } from '../process/worker.ts'
import type { Stack } from '../servers/stacks.ts'
import { signToken } from '../support/tokens.ts'
import { Ledger } from './ledger.ts'
import { watchSocketIo } from './socket-io-watcher.ts'
import { watchVessel } from './vessel-watcher.ts'
import type { Watcher, WatcherDeps } from './watcher.ts'
import { watchWs } from './ws-watcher.ts'

export interface WatchOptions {
  readonly stack: Stack
  readonly urls: readonly string[]
  readonly count: number
  readonly topic: string
  readonly seed: number
}

export interface CutOptions {
  readonly everyMs: number
  readonly awayMs: number
  readonly forMs: number
}

export interface WatchReport {
  /** Of `count` clients times `total` numbers. */
  readonly delivered: number
  readonly complete: number
  readonly ordered: number
  readonly doubled: number
  readonly resets: number
  readonly replayMs: readonly number[]
}

export interface WatcherMethods {
  /** Resolves when all subscriptions stand. */
  start(options: WatchOptions): Promise<void>
  /** Cuts each at random times, and lets it back after a while. Resolves when all may be back. */
  cut(options: CutOptions): Promise<number>
  /** Resolves when all have everything up to a number, or the time is over. */
  settle(options: { seq: number; withinMs: number }): Promise<number>
  report(options: { total: number }): WatchReport
  /** Who is on this copy now. Their subscriptions are watched from here on. */
  markOn(options: { url: string }): number
  /** For each who was marked: when its subscription stood again, or null. */
  backAtUs(options: object): (number | null)[]
}

const WATCH: Readonly<Record<Stack, (deps: WatcherDeps) => Watcher>> = {
  vessel: watchVessel,
  ws: watchWs,
  'socket.io': watchSocketIo,
  'socket.io + recovery': watchSocketIo,
}
const STARTS_AT_ONCE = 100
const STARTED_WITHIN_MS = 60_000

interface Client {
  readonly watcher: Watcher
  readonly ledger: Ledger
}

const clients: Client[] = []
let marked: readonly Client[] = []
let random = seededRandom(1)
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!isTrue() && performance.now() < deadline) await sleep(20)
  return isTrue()
}

function startOne({ stack, urls, topic }: WatchOptions): void {
  const userId = randomUUID()
  const ledger = new Ledger()
  const watcher = WATCH[stack]({
    urls,
    topic,
    random,
    token: () => signToken(userId),
    onItems: (items) => ledger.add(items),
    onReset: () => ledger.reset(),
    onUp: () => {
      ledger.upAtUs = Number(process.hrtime.bigint() / 1_000n)
    },
  })
  clients.push({ watcher, ledger })
}

async function start(options: WatchOptions): Promise<void> {
  random = seededRandom(options.seed)
  for (let done = 0; done < options.count; done += STARTS_AT_ONCE) {
    const some = Math.min(STARTS_AT_ONCE, options.count - done)
    for (let at = 0; at < some; at += 1) startOne(options)
    const areUp = () => clients.every(({ ledger }) => ledger.upAtUs > 0)
    if (!(await until(areUp, STARTED_WITHIN_MS))) throw new Error('not all are connected')
  }
}

async function cutOne({ watcher, ledger }: Client, options: CutOptions): Promise<number> {
  const endAt = performance.now() + options.forMs
  for (let cuts = 0; ; cuts += 1) {
    const waitMs = options.everyMs * (0.5 + random())
    if (performance.now() + waitMs + options.awayMs > endAt) return cuts
    await sleep(waitMs)
    watcher.cut()
    await sleep(options.awayMs)
    ledger.back()
    watcher.restore()
  }
}

function report({ total }: { total: number }): WatchReport {
  const sum = (of: (ledger: Ledger) => number) =>
    clients.reduce((all, { ledger }) => all + of(ledger), 0)
  return {
    delivered: sum(({ size }) => size) / (total * clients.length),
    complete: sum(({ size }) => (size === total ? 1 : 0)),
    ordered: sum(({ disordered }) => (disordered === 0 ? 1 : 0)),
    doubled: sum(({ doubled }) => doubled),
    resets: sum(({ resets }) => resets),
    replayMs: clients.flatMap(({ ledger }) => ledger.replayUs.map((us) => us / 1_000)),
  }
}

serve<WatcherMethods>({
  start,
  report,
  cut: async (options) => {
    const cuts = await Promise.all(clients.map((client) => cutOne(client, options)))
    return cuts.reduce((sum, count) => sum + count, 0)
  },
  settle: async ({ seq, withinMs }) => {
    const done = () => clients.filter(({ ledger }) => ledger.has(seq)).length
    await until(() => done() === clients.length, withinMs)
    return done()
  },
  markOn: ({ url }) => {
    marked = clients.filter(({ watcher }) => watcher.url === url)
    for (const { ledger } of marked) ledger.upAtUs = 0
    return marked.length
  },
  backAtUs: () => marked.map(({ ledger }) => (ledger.upAtUs > 0 ? ledger.upAtUs : null)),
})
