import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { jetstream } from '@nats-io/jetstream'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { WebSocket } from 'ws'
import { createStreams, TestAgent } from '../../services/orchestrator/test/hub/support/agent.ts'
import {
  connectNats,
  type HubStack,
  ORIGIN,
  startHub,
} from '../../services/orchestrator/test/hub/support/hub-stack.ts'
import {
  startNats,
  type TestNats,
} from '../../services/orchestrator/test/hub/support/nats-server.ts'
import { seededRandom } from '../../services/orchestrator/test/hub/support/seeded-random.ts'
import { until } from '../../services/orchestrator/test/hub/support/until.ts'
import { systemClock } from './browser.ts'
import { createSocket } from './socket.ts'
import type { Clock, Gap, LiveSocket, RawSocket } from './types.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let nats: TestNats
let bus: Awaited<ReturnType<typeof connectNats>>
let stacks: HubStack[] = []

/** A small ring and small pages, so that replays come from the ring and from the stream in turn. */
const limits = {
  ringItemsMax: 30,
  indexEveryItems: 16,
  historyPageMax: 50,
  commandsPerMinuteMax: 100_000,
}

beforeAll(async () => {
  nats = await startNats()
  bus = await connectNats(nats.url)
  await createStreams(bus)
  const first = await startHub(nats.url, { limits })
  stacks = [first, await startHub(nats.url, { limits, domain: first.domain })]
})
afterAll(async () => {
  for (const stack of stacks) await stack.stop()
  await bus?.close()
  await nats?.stop()
})

/** The same client with less patience: a test of hundreds of cuts has no minutes to wait. */
const hurriedClock: Clock = { ...systemClock, setTimer: (run, ms) => setTimeout(run, ms / 20) }

interface Watcher {
  readonly socket: LiveSocket
  readonly seqs: number[]
  readonly gaps: Gap[]
  resets: number
  cut(): void
}

function startWatcher(topic: string, random: () => number): Watcher {
  const stack = stacks[0] as HubStack
  const { userId, token } = stack.domain.addUser()
  stack.domain.allow(userId, topic)
  let raw: WebSocket | null = null
  const socket = createSocket({
    url: 'ws://any',
    getToken: async () => token,
    clock: hurriedClock,
    random,
    connect: (_url, protocol) => {
      const { url } = stacks[Math.floor(random() * stacks.length)] as HubStack
      raw = new WebSocket(url, protocol, { origin: ORIGIN })
      return raw as unknown as RawSocket
    },
  })
  const watcher: Watcher = { socket, seqs: [], gaps: [], resets: 0, cut: () => raw?.terminate() }
  const numberOf = (item: TopicItem) => ('seq' in item ? [item.seq] : [])
  socket.subscribe(topic, {
    onItems: (items) => watcher.seqs.push(...items.flatMap(numberOf)),
    onGap: (gap) => watcher.gaps.push(gap),
    onReset: () => {
      watcher.resets += 1
      watcher.seqs.length = 0
    },
  })
  return watcher
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('the client and the hub', () => {
  it('lose, double and reorder nothing over 200 cuts between two orchestrators', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
    process.stderr.write(`cuts: SEED=${seed}\n`)
    const random = seededRandom(seed)
    const agent = new TestAgent(jetstream(bus))
    const topic = `session:${agent.session}`
    const watchers = range(1, 10).map(() => startWatcher(topic, random))
    try {
      for (let cuts = 0; cuts < 200; cuts++) {
        await agent.lines(1 + Math.floor(random() * 40))
        const watcher = watchers[Math.floor(random() * watchers.length)]
        watcher?.cut()
        // Sometimes cut again while it is still coming back.
        if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 30))
      }
      await agent.lines(20)
      for (const { seqs } of watchers) {
        await until(() => seqs.at(-1) === agent.seq, { what: 'the last line', withinMs: 20_000 })
      }
      for (const watcher of watchers) {
        expect(watcher.seqs).toEqual(range(1, agent.seq))
        expect(watcher.gaps).toEqual([])
        expect(watcher.resets).toBe(0)
      }
    } finally {
      for (const { socket } of watchers) socket.close()
    }
  })

  it('show a hole at its place, and again after coming back', async () => {
    const agent = new TestAgent(jetstream(bus))
    const topic = `session:${agent.session}`
    const watcher = startWatcher(topic, Math.random)
    await agent.lines(3)
    agent.skip(5)
    await agent.lines(3)
    await until(() => watcher.seqs.length === 6, { what: 'six lines' })
    expect(watcher.gaps).toEqual([{ bootId: agent.bootId, from: 4, to: 8 }])
    watcher.cut()
    await agent.lines(1)
    await until(() => watcher.seqs.at(-1) === 12, { what: 'the line after the cut' })
    expect(watcher.seqs).toEqual([1, 2, 3, 9, 10, 11, 12])
    watcher.socket.close()
  })

  it('measure the round trip and see who they are', async () => {
    const watcher = startWatcher('admin', Math.random)
    await until(() => watcher.socket.status().latencyMs !== null, { what: 'a round trip' })
    expect(watcher.socket.status()).toMatchObject({ state: 'connected', isAdmin: false })
    watcher.socket.close()
    expect(watcher.socket.status().state).toBe('closed')
  })

  it('give up when the server says so', async () => {
    const socket = createSocket({
      url: (stacks[0] as HubStack).url,
      getToken: async () => 'forged',
      connect: (url, protocol) =>
        new WebSocket(url, protocol, { origin: ORIGIN }) as unknown as RawSocket,
    })
    await until(() => socket.status().state === 'closed', { what: 'it gives up' })
    expect(socket.status().closeCode).toBe(4500)
  })
})
