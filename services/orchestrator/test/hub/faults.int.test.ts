import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import { STREAMS } from '@vessel/proto/streams'
import { createStreams, TestAgent } from './support/agent.ts'
import { connectNats, type HubStack, type HubStackOptions, startHub } from './support/hub-stack.ts'
import { startNats, type TestNats } from './support/nats-server.ts'
import { RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let nats: TestNats
let bus: Awaited<ReturnType<typeof connectNats>>
const stacks: HubStack[] = []

beforeEach(async () => {
  nats = await startNats()
  bus = await connectNats(nats.url)
  await createStreams(bus)
})
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.stop()
  await bus?.close()
  await nats?.stop()
})

async function start(options: HubStackOptions = {}): Promise<HubStack> {
  const stack = await startHub(nats.url, options)
  stacks.push(stack)
  return stack
}

async function watch(stack: HubStack, agent: TestAgent) {
  const { userId, token } = stack.domain.addUser()
  const topic = `session:${agent.session}`
  stack.domain.allow(userId, topic)
  const client = await new RawClient(stack.url).login(token)
  client.send({ type: 'sub', id: 1, topic })
  await client.waitFor('ok')
  return { client, topic, userId, token }
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('when nats-server is killed and comes back', () => {
  it('a watcher is given every line once, in order, on the same connection', async () => {
    const stack = await start()
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(100)
    const { client, topic } = await watch(stack, agent)

    let isStreaming = true
    const streaming = (async () => {
      while (isStreaming) await agent.line('more')
    })()
    for (let round = 0; round < 3; round++) {
      const before = client.seqs(topic).length
      await until(() => client.seqs(topic).length > before + 20, { what: 'lines flow' })
      await nats.restart()
    }
    const before = client.seqs(topic).length
    await until(() => client.seqs(topic).length > before + 20, { what: 'lines flow again' })
    isStreaming = false
    await streaming
    await until(() => client.seqs(topic).at(-1) === agent.seq, { what: 'the last line' })
    expect(client.seqs(topic)).toEqual(range(1, agent.seq))
    expect(client.all('gap')).toEqual([])
    expect(client.closeCode).toBeNull()
  })

  it('one who comes back meanwhile is served from memory', async () => {
    const stack = await start()
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(100)
    const first = await watch(stack, agent)
    await until(() => first.client.seqs(first.topic).length === 100, { what: 'all lines' })
    await nats.kill()
    first.client.cut()
    const client = await new RawClient(stack.url).login(first.token)
    const since = { bootId: agent.bootId, seq: 40 }
    client.send({ type: 'sub', id: 1, topic: first.topic, since })
    expect((await client.waitFor('ok')).recovered).toBe(true)
    await until(() => client.seqs(first.topic).length === 60, { what: 'the rest' })
    expect(client.seqs(first.topic)).toEqual(range(41, 100))
    await nats.restart()
  })

  it('a topic that needs it is refused as "not now", and works later', async () => {
    const stack = await start({ limits: { openWithinMs: 300 } })
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(5)
    const { userId, token } = stack.domain.addUser()
    const topic = `session:${agent.session}`
    stack.domain.allow(userId, topic)
    await nats.kill()
    const client = await new RawClient(stack.url).login(token)
    client.send({ type: 'sub', id: 1, topic })
    expect(await client.waitFor('error')).toMatchObject({ id: 1, code: 'BUS_DOWN' })
    await nats.restart()
    const isOpen = async () => {
      client.send({ type: 'sub', id: 2, topic })
      const answers = () => client.all('ok').length + client.all('error').length
      const before = answers()
      await until(() => answers() > before, { what: 'an answer' })
      return client.all('ok').length > 0
    }
    await until(isOpen, { what: 'the topic opens' })
    await until(() => client.seqs(topic).length >= 5, { what: 'all lines' })
  })
})

describe('when the stream was made anew', () => {
  it('watchers are sent to start over, and then see what is there', async () => {
    const stack = await start()
    const agent = new TestAgent(jetstream(bus))
    await agent.lines(50)
    const { client, topic, token } = await watch(stack, agent)
    await until(() => client.seqs(topic).length === 50, { what: 'all lines' })

    const jsm = await jetstreamManager(bus)
    await jsm.streams.delete(STREAMS.log.name)
    await createStreams(bus)
    await nats.restart()
    expect(await client.waitForClose()).toBe(CLOSE_CODES.goingAway)

    agent.reboot()
    await agent.lines(3)
    const again = await new RawClient(stack.url).login(token)
    again.send({ type: 'sub', id: 1, topic, since: { bootId: agent.bootId, seq: 900 } })
    expect((await again.waitFor('ok')).recovered).toBe(false)
    await until(() => again.seqs(topic).length === 3, { what: 'three lines' })
    expect(again.seqs(topic)).toEqual([1, 2, 3])
  })
})

describe('a client that does not read', () => {
  it('costs a bounded amount of memory and then gets all of it, in order', async () => {
    const stack = await start()
    const agent = new TestAgent(jetstream(bus))
    const slow = await watch(stack, agent)
    const quick = await watch(stack, agent)
    slow.client.socket.pause()

    const waiting = () =>
      Math.max(...stack.hub.sockets().map(({ counters }) => counters.bytesWaiting))
    let waitingMax = 0
    const sampler = setInterval(() => {
      waitingMax = Math.max(waitingMax, waiting())
    }, 5)
    try {
      const text = 'x'.repeat(3_000)
      for (let round = 0; round < 40; round++) await agent.lines(200, text)
      await until(() => quick.client.seqs(quick.topic).length === 8_000, { what: 'all lines' })
    } finally {
      clearInterval(sampler)
    }
    expect(waitingMax).toBeGreaterThan(0)
    expect(waitingMax).toBeLessThan(1024 * 1024)
    expect(quick.client.seqs(quick.topic)).toEqual(range(1, 8_000))

    slow.client.socket.resume()
    await until(() => slow.client.seqs(slow.topic).length >= 8_000, { what: 'all lines' })
    expect(slow.client.seqs(slow.topic)).toEqual(range(1, 8_000))
    expect(slow.client.all('gap')).toEqual([])
  })

  it('is closed as slow when even what must arrive piles up', async () => {
    const stack = await start({ limits: { outboxBytesMax: 64 * 1024, tickMs: 50 } })
    const { userId, token } = stack.domain.addUser()
    const topic = `user:${userId}`
    const client = await new RawClient(stack.url).login(token)
    client.send({ type: 'sub', id: 1, topic })
    await client.waitFor('ok')
    client.socket.pause()
    const removed = { kind: 'project-removed', projectId: crypto.randomUUID() as never } as const
    const items = Array.from({ length: 1_000 }, () => removed)
    const flood = setInterval(() => {
      stack.notifications.publish({ kind: 'user', id: userId }, { kind: 'items', items })
    }, 5)
    try {
      await until(() => stack.hub.connectionCount() === 0, { what: 'it is put out' })
    } finally {
      clearInterval(flood)
    }
    const text = await stack.registry.metrics()
    expect(text).toContain('vessel_ws_closes_total{reason="slow"} 1')
  })

  it('is closed as dead when it answers no ping', async () => {
    const limits = { heartbeatMs: 100, deadAfterMs: 400, tickMs: 50 }
    const stack = await start({ limits })
    const dead = await new RawClient(stack.url).login(stack.domain.addUser().token)
    const alive = await new RawClient(stack.url).login(stack.domain.addUser().token)
    dead.socket.pause()
    await until(() => stack.hub.connectionCount() === 1, { what: 'the dead one is put out' })
    expect(alive.closeCode).toBeNull()
  })
})
