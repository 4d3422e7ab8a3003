import { randomUUID } from 'node:crypto'
import { serve } from '../process/worker.ts'
import type { Stack } from '../servers/stacks.ts'
import { Histogram } from '../support/histogram.ts'
import { micros } from '../support/micros.ts'
import { signToken } from '../support/tokens.ts'
import { DIALECTS } from './dialects.ts'
import { FrameReader, type Received } from './frame-reader.ts'
import { LeanClient } from './lean-client.ts'

export interface ConnectOptions {
  readonly stack: Stack
  readonly url: string
  readonly count: number
  /** Null: everyone watches their own. */
  readonly topic: string | null
}

export interface LeanReport {
  readonly deliveries: number
  readonly missing: number
  readonly doubled: number
  readonly closed: number
  readonly lines: Uint32Array
  readonly urgent: Uint32Array
}

export interface LeanMethods {
  connect(options: ConnectOptions): Promise<void>
  /** Resolves when all clients together were given so many events. */
  delivered(options: { total: number }): Promise<void>
  /** Resolves when every client has come to this number. */
  reached(options: { seq: number; withinMs: number }): Promise<number>
  pause(options: { count: number }): void
  resume(options: object): void
  /** What was seen since the last report. */
  report(options: object): LeanReport
  /** When each lost its topic, by the steady clock; null for who did not. */
  ends(options: object): (number | null)[]
}

/** Handshakes under way at once: a thousand at a time is what a listening socket holds. */
const CONNECTS_AT_ONCE = 100

const clients: LeanClient[] = []
const reader = new FrameReader()
let lines = new Histogram()
let urgent = new Histogram()
let deliveries = 0
let total = 0
/** In the order they were asked, which is the order they come true. */
const waiting: { readonly total: number; readonly resolve: () => void }[] = []

function onItems(client: LeanClient, items: readonly Received[]): void {
  deliveries += items.length
  total += items.length
  if (!client.isSlow) {
    const nowUs = micros()
    for (const { dueUs, isUrgent } of items) (isUrgent ? urgent : lines).add(nowUs - dueUs)
  }
  while (waiting[0] && total >= waiting[0].total) waiting.shift()?.resolve()
}

async function connectOne({ stack, url, topic }: ConnectOptions): Promise<void> {
  const userId = randomUUID()
  const client = new LeanClient({
    url,
    reader,
    onItems,
    dialect: DIALECTS[stack],
    token: await signToken(userId),
    topic: topic ?? `user:${userId}`,
  })
  clients.push(client)
  await client.subscribed((ended) => {
    ended.endedAtUs ??= micros()
  })
}

async function connect(options: ConnectOptions): Promise<void> {
  for (let done = 0; done < options.count; done += CONNECTS_AT_ONCE) {
    const some = Math.min(CONNECTS_AT_ONCE, options.count - done)
    await Promise.all(Array.from({ length: some }, () => connectOne(options)))
  }
}

/** How many have come to a number, at the latest when the time is over. */
async function reached({ seq, withinMs }: { seq: number; withinMs: number }): Promise<number> {
  const deadline = performance.now() + withinMs
  const count = () => clients.filter(({ head }) => head >= seq).length
  while (count() < clients.length && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return count()
}

function report(): LeanReport {
  const sum = (of: (client: LeanClient) => number) =>
    clients.reduce((all, client) => all + of(client), 0)
  const made = {
    deliveries,
    missing: sum(({ missing }) => missing),
    doubled: sum(({ doubled }) => doubled),
    closed: sum(({ closeCode }) => (closeCode === null ? 0 : 1)),
    lines: lines.counts,
    urgent: urgent.counts,
  }
  deliveries = 0
  lines = new Histogram()
  urgent = new Histogram()
  return made
}

serve<LeanMethods>({
  connect,
  reached,
  report,
  delivered: ({ total: wanted }: { total: number }) =>
    new Promise<void>((resolve) => {
      if (total >= wanted) resolve()
      else waiting.push({ total: wanted, resolve })
    }),
  pause: ({ count }: { count: number }) => {
    for (const client of clients.slice(0, count)) client.pause()
  },
  resume: () => {
    for (const client of clients) client.resume()
  },
  ends: () => clients.map(({ endedAtUs }) => endedAtUs),
})
