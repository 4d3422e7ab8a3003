import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { STREAMS } from '@vessel/proto/streams'
import { createStreams, newBoot, TestAgent } from './support/agent.ts'
import { connectNats, type HubStack, startHub } from './support/hub-stack.ts'
import { startNats, type TestNats } from './support/nats-server.ts'
import { RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let nats: TestNats
let stack: HubStack
let bus: Awaited<ReturnType<typeof connectNats>>

beforeAll(async () => {
  nats = await startNats()
  bus = await connectNats(nats.url)
  await createStreams(bus)
  stack = await startHub(nats.url)
})
afterAll(async () => {
  await stack?.stop()
  await bus?.close()
  await nats?.stop()
})

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

async function watch(agent: TestAgent, since?: { bootId: TestAgent['bootId']; seq: number }) {
  const { userId, token } = stack.domain.addUser()
  const topic = `session:${agent.session}`
  stack.domain.allow(userId, topic)
  const client = await new RawClient(stack.url).login(token)
  client.send({ type: 'sub', id: 1, topic, ...(since ? { since } : {}) })
  const ok = await client.waitFor('ok')
  return { client, ok, topic }
}

describe('a watcher of a session', () => {
  it('is given everything from the first line, then what happens', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(50)
    const { client, ok, topic } = await watch(agent)
    expect(ok).toMatchObject({ recovered: false, head: { bootId: agent.bootId, seq: 50 } })
    await agent.lines(30)
    await until(() => client.seqs(topic).length >= 80, { what: '80 items' })
    expect(client.seqs(topic)).toEqual(range(1, 80))
    client.cut()
  })

  it('goes on exactly where it was, from the ring', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(100)
    const { client, ok, topic } = await watch(agent, { bootId: agent.bootId, seq: 60 })
    expect(ok.recovered).toBe(true)
    await agent.lines(10)
    await until(() => client.seqs(topic).length >= 50, { what: '50 items' })
    expect(client.seqs(topic)).toEqual(range(61, 110))
    client.cut()
  })

  it('goes on exactly where it was when the ring has forgotten it', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(5_000)
    for (const seq of [1, 255, 256, 257, 2_900, 2_999, 3_000, 3_001, 4_999, 5_000]) {
      const { client, ok, topic } = await watch(agent, { bootId: agent.bootId, seq })
      expect(ok.recovered).toBe(true)
      await until(() => client.seqs(topic).length >= 5_000 - seq, { what: `all after ${seq}` })
      expect(client.seqs(topic)).toEqual(range(seq + 1, 5_000))
      client.cut()
    }
    const { client, topic } = await watch(agent)
    await until(() => client.seqs(topic).length >= 5_000, { what: 'all' })
    expect(client.seqs(topic)).toEqual(range(1, 5_000))
    client.cut()
  })

  it('is shown a hole in the numbering as a gap, at its place', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(3)
    const { client, topic } = await watch(agent)
    agent.skip(4)
    await agent.lines(2)
    await until(() => client.seqs(topic).length >= 5, { what: '5 items' })
    const boot = agent.bootId.slice(0, 4)
    const story = [1, 2, 3].map((seq) => `${boot}:${seq}`)
    expect(client.story(topic)).toEqual([...story, 'gap:4-7', `${boot}:8`, `${boot}:9`])
    client.cut()

    const again = await watch(agent, { bootId: agent.bootId, seq: 2 })
    expect(again.ok.recovered).toBe(false)
    await until(() => again.client.seqs(topic).length >= 5, { what: '5 items' })
    expect(again.client.story(topic)).toEqual([...story, 'gap:4-7', `${boot}:8`, `${boot}:9`])
    again.client.cut()
  })

  it('is told that nothing was recovered when its boot is unknown, and given all', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(5)
    const { client, ok, topic } = await watch(agent, { bootId: newBoot(), seq: 3 })
    expect(ok.recovered).toBe(false)
    await until(() => client.seqs(topic).length >= 5, { what: '5 items' })
    expect(client.seqs(topic)).toEqual(range(1, 5))
    client.cut()
  })

  it('sees the second boot of a session after the first', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(3)
    const first = agent.bootId
    const { client, topic } = await watch(agent, { bootId: first, seq: 2 })
    agent.reboot()
    await agent.lines(2)
    await until(() => client.seqs(topic).length >= 3, { what: '3 items' })
    const [one, two] = [first.slice(0, 4), agent.bootId.slice(0, 4)]
    expect(client.story(topic)).toEqual([`${one}:3`, `${two}:1`, `${two}:2`])
    client.cut()
  })

  it('is shown as a gap what the stream no longer keeps', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(20)
    const jsm = await jetstreamManager(bus)
    const filter = `vessel.v1.host.*.vm.${agent.session}.log`
    await jsm.streams.purge(STREAMS.log.name, { filter, keep: 5 })
    const { client, topic } = await watch(agent)
    await until(() => client.seqs(topic).length >= 5, { what: '5 items' })
    const boot = agent.bootId.slice(0, 4)
    expect(client.story(topic)).toEqual([
      'gap:1-15',
      ...range(16, 20).map((seq) => `${boot}:${seq}`),
    ])
    client.cut()
  })

  it('shares one reader of the stream with a hundred others', async () => {
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(10)
    const jsm = await jetstreamManager(bus)
    const before = (await jsm.streams.info(STREAMS.log.name)).state.consumer_count
    const watchers = await Promise.all(range(1, 100).map(() => watch(agent)))
    await agent.lines(10)
    await agent.ready()
    for (const { client, topic } of watchers) {
      await until(() => client.seqs(topic).length >= 21, { what: 'all items' })
      expect(client.seqs(topic)).toEqual(range(1, 21))
    }
    const after = (await jsm.streams.info(STREAMS.log.name)).state.consumer_count
    expect(after - before).toBe(1)
    for (const { client } of watchers) client.cut()
  })
})
