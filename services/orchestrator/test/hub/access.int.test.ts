import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { ClientFrame } from '@vessel/proto/browser/client-frames'
import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import type { BootId } from '@vessel/proto/ids'
import { createStreams, newSession } from './support/agent.ts'
import { connectNats, type HubStack, ORIGIN, startHub } from './support/hub-stack.ts'
import { startNats, type TestNats } from './support/nats-server.ts'
import { RawClient } from './support/raw-client.ts'
import { until } from './support/until.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let nats: TestNats
let stack: HubStack

beforeAll(async () => {
  nats = await startNats()
  const bus = await connectNats(nats.url)
  await createStreams(bus)
  await bus.close()
  stack = await startHub(nats.url, {
    limits: { authWithinMs: 300, tickMs: 50, accessCheckMs: 100, refusalsPerMinuteMax: 40 },
  })
})
afterAll(async () => {
  await stack?.stop()
  await nats?.stop()
})

const newClient = (options = {}) => new RawClient(stack.url, options).opened()
const sub = (topic: string, id = 1): ClientFrame => ({ type: 'sub', id, topic })

async function isHubWell(): Promise<void> {
  const { userId, token } = stack.domain.addUser()
  const client = await (await newClient()).login(token)
  client.send(sub(`user:${userId}`))
  expect((await client.waitFor('ok')).topic).toBe(`user:${userId}`)
  client.cut()
}

describe('the handshake', () => {
  it.each([
    ['another origin', { origin: 'http://evil.localhost:3000' }, 403],
    ['a workspace of ours', { origin: 'http://p1.localhost:3000' }, 403],
    ['the right host with another port', { origin: 'http://localhost:3001' }, 403],
    ['a prefix of the right origin', { origin: 'http://localhost:30' }, 403],
    ['null', { origin: 'null' }, 403],
    ['no origin', { origin: null }, 403],
    ['an unknown subprotocol', { protocol: 'chat' }, 400],
  ])('is refused for %s', async (_name, options, status) => {
    expect((await newClient(options)).httpStatus).toBe(status)
  })

  it('tells a page of another version to reload', async () => {
    const client = await newClient({ protocol: 'vessel.v9' })
    expect(await client.waitForClose()).toBe(CLOSE_CODES.version)
  })

  it('is not there for plain HTTP', async () => {
    const response = await fetch(`http://127.0.0.1:${stack.port}/ws`, {
      headers: { origin: ORIGIN },
    })
    expect(response.status).toBe(404)
  })
})

describe('logging in', () => {
  it.each([
    ['a sub', JSON.stringify(sub('admin'))],
    ['no JSON', 'hello'],
    ['an array', '[]'],
    ['an auth without a token', '{"type":"auth"}'],
    ['an unknown token', '{"type":"auth","token":"forged"}'],
  ])('ends a connection whose first frame is %s', async (_name, text) => {
    const client = await newClient()
    client.socket.send(text)
    expect(await client.waitForClose()).toBe(CLOSE_CODES.unauthenticated)
  })

  it('ends a connection that says nothing', async () => {
    const client = await newClient()
    expect(await client.waitForClose()).toBe(CLOSE_CODES.unauthenticated)
  })

  it('lets one with an expired token come back with another', async () => {
    const { token } = stack.domain.addUser({ expiresAtMs: Date.now() - 1 })
    const client = await newClient()
    client.send({ type: 'auth', token })
    expect(await client.waitForClose()).toBe(CLOSE_CODES.expired)
  })

  it('ends a connection when its token runs out, unless it was refreshed in place', async () => {
    const { userId, token } = stack.domain.addUser({ expiresAtMs: Date.now() + 600 })
    const stays = await (await newClient()).login(token)
    const leaves = await (await newClient()).login(token)
    stays.send({ type: 'refresh', token: stack.domain.addToken(userId) })
    await stays.waitFor('hello', 2)
    expect(await leaves.waitForClose()).toBe(CLOSE_CODES.expired)
    expect(leaves.all('bye')).toMatchObject([{ code: CLOSE_CODES.expired, reconnect: true }])
    expect(stays.closeCode).toBeNull()
    stays.cut()
  })

  it("ends a connection that refreshes with another user's token", async () => {
    const client = await (await newClient()).login(stack.domain.addUser().token)
    client.send({ type: 'refresh', token: stack.domain.addUser().token })
    expect(await client.waitForClose()).toBe(CLOSE_CODES.revoked)
  })

  it('turns away the twenty-first connection of a user', async () => {
    const { token } = stack.domain.addUser()
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => (await newClient()).login(token)),
    )
    const oneMore = await newClient()
    oneMore.send({ type: 'auth', token })
    expect(await oneMore.waitForClose()).toBe(CLOSE_CODES.overloaded)
    for (const client of clients) client.cut()
  })

  it('survives a flood of logins', async () => {
    const clients = await Promise.all(Array.from({ length: 300 }, () => newClient()))
    for (const client of clients) client.send({ type: 'auth', token: randomUUID() })
    for (const client of clients) {
      expect(await client.waitForClose()).toBe(CLOSE_CODES.unauthenticated)
    }
    await until(() => stack.hub.connectionCount() === 0, { what: 'all are gone' })
    await isHubWell()
  })
})

describe('topics', () => {
  it("of others, unknown ones and the admins' are refused, and nothing is sent", async () => {
    const other = stack.domain.addUser()
    const theirs = `session:${newSession()}`
    stack.domain.allow(other.userId, theirs)
    const client = await (await newClient()).login(stack.domain.addUser().token)
    const refused: [string, string][] = [
      [`user:${other.userId}`, 'FORBIDDEN'],
      [theirs, 'SESSION_NOT_FOUND'],
      [`session:${newSession()}`, 'SESSION_NOT_FOUND'],
      [`project:${randomUUID()}`, 'PROJECT_NOT_FOUND'],
      ['host:host-a', 'FORBIDDEN'],
      ['admin', 'FORBIDDEN'],
      ['session:*', 'NOT_FOUND'],
      ['session:>', 'NOT_FOUND'],
      ['everything', 'NOT_FOUND'],
      ['', 'NOT_FOUND'],
    ]
    for (const [at, [topic]] of refused.entries()) {
      const since = { bootId: randomUUID() as BootId, seq: 1 }
      client.send({ type: 'sub', id: at, topic, since })
    }
    await client.waitFor('error', refused.length)
    const codes = new Map(client.all('error').map(({ id, code }) => [id, code]))
    expect(refused.map((_, at) => codes.get(at))).toEqual(refused.map(([, code]) => code))
    expect(client.all('ok')).toEqual([])
    expect(client.all('events')).toEqual([])
    client.cut()
  })

  it('end within seconds when access is taken back', async () => {
    const { userId, token } = stack.domain.addUser()
    const topic = `session:${newSession()}`
    stack.domain.allow(userId, topic)
    const client = await (await newClient()).login(token)
    client.send(sub(topic, 7))
    await client.waitFor('ok')
    stack.domain.revoke(userId, topic)
    expect(await client.waitFor('error')).toMatchObject({ id: 7, code: 'SESSION_NOT_FOUND' })
    expect(client.closeCode).toBeNull()
    client.cut()
  })

  it('are bounded in number', async () => {
    const { userId, token } = stack.domain.addUser()
    const client = await (await newClient()).login(token)
    const topics = Array.from({ length: 99 }, () => `project:${randomUUID()}`)
    for (const topic of topics) stack.domain.allow(userId, topic)
    for (const [at, topic] of topics.entries()) client.send(sub(topic, at))
    await client.waitFor('ok', 99)
    client.cut()
    await until(() => stack.hub.connectionCount() === 0, { what: 'all are gone' })
  })

  it('cannot be told a presence without being watched', async () => {
    const client = await (await newClient()).login(stack.domain.addUser().token)
    client.send({ type: 'presence', topic: `project:${randomUUID()}`, state: 'editor' })
    expect((await client.waitFor('error')).code).toBe('BAD_REQUEST')
    client.cut()
  })
})
