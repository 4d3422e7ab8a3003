import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { jetstream } from '@nats-io/jetstream'
import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { ProjectId } from '@vessel/proto/ids'
import { subjects } from '@vessel/proto/subjects'
import { createStreams, HOST, newSession, TestAgent } from './support/agent.ts'
import { connectNats, type HubStack, type HubStackOptions, startHub } from './support/hub-stack.ts'
import { projectItem, sampleOf, sessionItem } from './support/items.ts'
import { startNats, type TestNats } from './support/nats-server.ts'
import { RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let nats: TestNats
let bus: Awaited<ReturnType<typeof connectNats>>
const stacks: HubStack[] = []

beforeAll(async () => {
  nats = await startNats()
  bus = await connectNats(nats.url)
  await createStreams(bus)
})
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.stop()
})
afterAll(async () => {
  await bus?.close()
  await nats?.stop()
})

async function start(options: HubStackOptions = {}): Promise<HubStack> {
  const stack = await startHub(nats.url, options)
  stacks.push(stack)
  return stack
}

async function open(stack: HubStack, token: string, topic: string) {
  const client = await new RawClient(stack.url).login(token)
  client.send({ type: 'sub', id: 1, topic })
  await client.waitFor('ok')
  return client
}

const itemsOf = (client: RawClient) => client.all('events').flatMap(({ items }) => items)

describe('those who run the place', () => {
  it('see the sockets of every copy, with who is behind first', async () => {
    const limits = { tellSocketsMs: 50 }
    const [one, other] = [await start({ limits }), await start({ limits })]
    const admin = one.domain.addUser({ isAdmin: true })
    const watcher = await open(one, admin.token, 'admin')
    const { userId, token } = other.domain.addUser()
    const person = await open(other, token, `user:${userId}`)
    const silent = await new RawClient(other.url).opened()

    const told = () =>
      itemsOf(watcher).flatMap((item) => (item.kind === 'sockets' ? [item.sockets] : []))
    const ofOther = () => told().filter(({ sockets }) => sockets.some((s) => s.userId === userId))
    await until(() => ofOther().some(({ total }) => total === 2), { what: 'the other copy' })
    const newest = ofOther().at(-1)
    expect(newest?.sockets.map((socket) => socket.userId)).toEqual([userId, null])
    expect(newest?.sockets[0]).toMatchObject({
      topics: 1,
      counters: { framesReceived: 2, framesRefused: 0, itemsBehind: 0 },
    })
    expect(new Set(told().map(({ copy }) => copy)).size).toBe(2)
    for (const client of [watcher, person, silent]) client.cut()
  })

  it('see every session, which nobody else is shown', async () => {
    const stack = await start()
    const admin = stack.domain.addUser({ isAdmin: true })
    const { userId, token } = stack.domain.addUser()
    const project = randomUUID() as ProjectId
    stack.domain.allow(userId, `project:${project}`)
    const [watcher, person] = await Promise.all([
      open(stack, admin.token, 'admin'),
      open(stack, token, `project:${project}`),
    ])
    const { session } = sessionItem(newSession(), project, 3)
    const ofAdmin = {
      kind: 'admin-session',
      session: { ...session, hostId: null, userId },
    } as const
    const items: TopicItem[] = [ofAdmin]
    stack.notifications.publish({ kind: 'admin' }, { kind: 'items', items })
    stack.notifications.publish({ kind: 'project', id: project }, { kind: 'items', items })
    const seen = () => itemsOf(watcher).filter(({ kind }) => kind === 'admin-session')
    await until(() => seen().length > 0, { what: 'the session' })
    expect(seen()).toEqual([ofAdmin])

    const after = projectItem(project, 2)
    stack.notifications.publish({ kind: 'project', id: project }, { kind: 'items', items: [after] })
    await until(() => itemsOf(person).length > 0, { what: 'the project' })
    expect(itemsOf(person)).toEqual([after])
    watcher.cut()
    person.cut()
  })
})

describe('a state topic', () => {
  it('begins with the state and goes on with its changes, whoever publishes them', async () => {
    const [one, other] = [await start(), await start()]
    const { userId, token } = one.domain.addUser()
    const before = projectItem(randomUUID() as ProjectId, 1)
    one.domain.snapshots.set(`user:${userId}`, [before])
    const client = await open(one, token, `user:${userId}`)
    await client.waitFor('events')
    expect(itemsOf(client)).toEqual([before])

    const after = projectItem(before.project.id, 2)
    other.notifications.publish({ kind: 'user', id: userId }, { kind: 'items', items: [after] })
    await client.waitFor('events', 2)
    expect(itemsOf(client)).toEqual([before, after])
    client.cut()
  })

  it('says so when there is nothing yet', async () => {
    const stack = await start()
    const { userId, token } = stack.domain.addUser()
    const client = await open(stack, token, `user:${userId}`)
    expect((await client.waitFor('events')).items).toEqual([])
    client.cut()
  })

  it('shows of a notice only what belongs to the topic', async () => {
    const stack = await start()
    const { userId, token } = stack.domain.addUser()
    const project = randomUUID() as ProjectId
    const session = newSession()
    const mine = sessionItem(session, project, 3)
    stack.domain.snapshots.set(`session:${session}`, [sessionItem(session, project, 1)])
    for (const topic of [`project:${project}`, `session:${session}`]) {
      stack.domain.allow(userId, topic)
    }
    const projectClient = await open(stack, token, `project:${project}`)
    const sessionClient = await open(stack, token, `session:${session}`)
    const items: TopicItem[] = [
      projectItem(project, 2),
      projectItem(randomUUID() as ProjectId, 2),
      mine,
      sessionItem(newSession(), project, 3),
    ]
    stack.notifications.publish({ kind: 'project', id: project }, { kind: 'items', items })
    await until(() => itemsOf(sessionClient).length === 2, { what: 'the session item' })
    await until(() => itemsOf(projectClient).length === 1, { what: 'the project item' })
    expect(itemsOf(sessionClient)[1]).toEqual(mine)
    expect(itemsOf(projectClient)).toEqual([items[0]])
    projectClient.cut()
    sessionClient.cut()
  })

  it('is read anew after the bus was away, from the beginning', async () => {
    const stack = await start()
    const { userId, token } = stack.domain.addUser()
    const client = await open(stack, token, `user:${userId}`)
    const missed = projectItem(randomUUID() as ProjectId, 9)
    await nats.kill()
    stack.domain.snapshots.set(`user:${userId}`, [missed])
    await nats.restart()
    // A stream in memory does not outlive its server.
    const isMade = () =>
      createStreams(bus).then(
        () => true,
        () => false,
      )
    await until(isMade, { what: 'the streams are there again' })
    await until(() => itemsOf(client).length === 1, { what: 'the state' })
    expect(client.all('ok')).toHaveLength(2)
    expect(itemsOf(client)).toEqual([missed])
    client.cut()
  })
})

describe('load of a machine', () => {
  it('is shown as it was last, and then as it comes', async () => {
    const stack = await start()
    const { userId, token } = stack.domain.addUser()
    const session = newSession()
    stack.domain.allow(userId, `session:${session}`)
    const project = randomUUID() as ProjectId
    stack.domain.snapshots.set(`session:${session}`, [sessionItem(session, project, 1)])
    const publish = (message: SystemMetrics) =>
      jetstream(bus).publish(subjects.metric(HOST, session), JSON.stringify(message))
    await publish(sampleOf(10))
    const client = await open(stack, token, `session:${session}`)
    const loads = () =>
      itemsOf(client).flatMap((item) =>
        item.kind === 'metric' ? [item.message.metrics.cpu.usage_percent] : [],
      )
    await until(() => loads().length === 1, { what: 'the last sample' })
    await publish(sampleOf(20))
    await until(() => loads().length === 2, { what: 'a live sample' })
    expect(loads()).toEqual([10, 20])

    const late = await open(stack, token, `session:${session}`)
    await until(() => itemsOf(late).some(({ kind }) => kind === 'metric'), { what: 'the last' })
    for (const one of [client, late]) one.cut()
  })
})

describe('an urgent event', () => {
  it('does not wait for its batch', async () => {
    const stack = await start({ limits: { batchMs: 60_000 } })
    const { userId, token } = stack.domain.addUser()
    const session = newSession()
    stack.domain.allow(userId, `session:${session}`)
    const client = await open(stack, token, `session:${session}`)
    const agent = new TestAgent(jetstream(bus), session)
    await agent.lines(3)
    await agent.ready()
    await until(() => client.seqs(`session:${session}`).length === 4, { what: 'ready' })
    expect(client.seqs(`session:${session}`)).toEqual([1, 2, 3, 4])
    client.cut()
  })
})

describe('presence', () => {
  it('is seen by others on the project, also at another orchestrator', async () => {
    const domain = (await start()).domain
    const [one, two] = [await start({ domain }), await start({ domain })]
    const topic = `project:${randomUUID()}`
    const [ann, bob] = [domain.addUser({ name: 'Ann' }), domain.addUser({ name: 'Bob' })]
    for (const { userId } of [ann, bob]) domain.allow(userId, topic)
    const annClient = await open(one, ann.token, topic)
    annClient.send({ type: 'presence', topic, state: 'editor' })
    await annClient.waitFor('presence', 2)

    const bobClient = await open(two, bob.token, topic)
    const seen = () =>
      bobClient.all('presence').flatMap(({ join, list }) => [...join, ...(list ?? [])])
    await until(() => seen().length > 0, { what: 'Ann is seen' })
    expect(seen()[0]).toEqual({ userId: ann.userId, name: 'Ann', state: 'editor' })
    for (const client of [annClient, bobClient]) client.cut()
  })
})

describe('a server that stops', () => {
  it('sends everyone away over a while, with the code to come back', async () => {
    const stack = await start({ drainMs: 200 })
    const clients = await Promise.all(
      Array.from({ length: 10 }, () =>
        new RawClient(stack.url).login(stack.domain.addUser().token),
      ),
    )
    stacks.splice(stacks.indexOf(stack), 1)
    const stopping = stack.stop()
    const late = await new RawClient(stack.url).opened()
    expect([503, null]).toContain(late.httpStatus)
    for (const client of clients) {
      expect(await client.waitForClose()).toBe(CLOSE_CODES.goingAway)
      expect(client.all('bye')).toMatchObject([{ reconnect: true }])
    }
    await stopping
  })
})

describe('delivery counters', () => {
  it('are exported for Prometheus', async () => {
    const stack = await start()
    const text = await stack.registry.metrics()
    for (const name of ['connections', 'session_logs', 'ring_bytes', 'frames_sent_total']) {
      expect(text).toContain(`vessel_ws_${name}`)
    }
  })

  it('tell a connection its own: what was replayed, which holes it was shown', async () => {
    const stack = await start()
    const agent = new TestAgent(jetstream(bus))
    const { userId, token } = stack.domain.addUser()
    const topic = `session:${agent.session}`
    stack.domain.allow(userId, topic)
    await agent.lines(20)
    agent.skip(5)
    await agent.lines(20)
    const client = await open(stack, token, topic)
    await until(() => client.seqs(topic).length === 40, { what: 'all lines' })
    client.send({ type: 'debug', id: 9 })
    const { id, counters } = await client.waitFor('debug')
    expect(id).toBe(9)
    expect(counters).toMatchObject({
      itemsSent: 40,
      itemsReplayed: 40,
      gapsSent: 1,
      framesReceived: 3,
      framesRefused: 0,
      bytesWaiting: 0,
      itemsBehind: 0,
    })
    expect(counters).toMatchObject({ framesSent: client.frames.length - 1 })
    expect(await stack.registry.metrics()).toContain('vessel_ws_gaps_total 1')
  })
})
