import { randomUUID } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { ClientFrame } from '@vessel/proto/browser/client-frames'
import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import { createStreams } from './support/agent.ts'
import { connectNats, type HubStack, ORIGIN, startHub } from './support/hub-stack.ts'
import { mangledFrame } from './support/mangled-frame.ts'
import { startNats, type TestNats } from './support/nats-server.ts'
import { RawClient } from './support/raw-client.ts'
import { seededRandom } from './support/seeded-random.ts'
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

describe('a flood of sockets that say nothing', () => {
  it('keeps nobody out: the oldest of them makes room', async () => {
    const flooded = await startHub(nats.url, {
      limits: { unauthenticatedMax: 3, evictAfterMs: 0, authWithinMs: 600_000 },
    })
    const silent: RawClient[] = []
    for (let at = 0; at < 3; at += 1) {
      silent.push(await new RawClient(flooded.url).opened())
    }
    const { token } = flooded.domain.addUser()
    const client = await new RawClient(flooded.url).login(token)
    expect(await silent[0]?.waitForClose()).toBe(CLOSE_CODES.overloaded)
    expect(silent.slice(1).map(({ closeCode }) => closeCode)).toEqual([null, null])
    for (const one of [...silent, client]) one.cut()
    await flooded.stop()
  })

  it('is refused at the door while its sockets may still be browsers', async () => {
    const flooded = await startHub(nats.url, {
      limits: { unauthenticatedMax: 1, evictAfterMs: 600_000, authWithinMs: 600_000 },
    })
    const first = await new RawClient(flooded.url).opened()
    const second = await new RawClient(flooded.url).opened()
    expect(second.httpStatus).toBe(503)
    expect(first.closeCode).toBeNull()
    first.cut()
    await flooded.stop()
  })
})

describe('a hostile client', () => {
  const login = async () => (await newClient()).login(stack.domain.addUser().token)

  it('is closed for a frame that is too large', async () => {
    const client = await login()
    client.socket.send('x'.repeat(64 * 1024 + 1))
    expect(await client.waitForClose()).toBe(CLOSE_CODES.tooLarge)
  })

  it('is closed for a message that grows too large in fragments', async () => {
    const client = await login()
    for (let at = 0; at < 80; at++) client.socket.send('x'.repeat(1_024), { fin: false })
    expect(await client.waitForClose()).toBe(CLOSE_CODES.tooLarge)
  })

  it('is closed for a storm of empty fragments', async () => {
    const client = await login()
    for (let at = 0; at < 20_000; at++) client.socket.send('', { fin: false })
    expect([CLOSE_CODES.badFrame, 1006]).toContain(await client.waitForClose())
  })

  it.each([
    ['binary', Buffer.from('{"type":"ping"}')],
    ['not JSON', 'ping'],
    ['JSON without a type', '{}'],
    ['null', 'null'],
  ])('is closed for a frame that is %s', async (_name, data) => {
    const client = await login()
    client.socket.send(data)
    expect(await client.waitForClose()).toBe(CLOSE_CODES.badFrame)
  })

  it('is answered, not closed, for a command of a newer page', async () => {
    const client = await login()
    client.socket.send('{"type":"teleport","id":3}')
    expect(await client.waitFor('error')).toMatchObject({ id: 3, code: 'UNSUPPORTED' })
    client.send({ type: 'ping', id: 4 })
    expect(await client.waitFor('pong')).toMatchObject({ id: 4 })
    client.cut()
  })

  it('is slowed down, and put out when it goes on', async () => {
    const client = await login()
    for (let at = 0; at < 100; at++) client.send({ type: 'ping', id: at })
    await client.waitFor('pong', 100)
    client.send({ type: 'ping', id: 100 })
    expect(await client.waitFor('error')).toMatchObject({ id: 100, code: 'RATE_LIMITED' })
    for (let at = 0; at < 60; at++) client.send({ type: 'ping' })
    expect(await client.waitForClose()).toBe(CLOSE_CODES.flood)
  })

  it('does no harm with bytes that are not WebSocket at all', async () => {
    const socket = connectTcp(stack.port, '127.0.0.1')
    const key = Buffer.from(randomUUID().slice(0, 16)).toString('base64')
    socket.on('error', () => undefined)
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
        'Sec-WebSocket-Protocol: vessel.v1\r\n\r\n',
    )
    await new Promise((resolve) => socket.once('data', resolve))
    socket.write(Buffer.alloc(4_096, 0xff))
    await new Promise((resolve) => socket.once('close', resolve))
    await isHubWell()
  })

  it('does no harm with ten thousand random and mangled frames', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
    process.stderr.write(`hostile frames: SEED=${seed}\n`)
    const random = seededRandom(seed)
    let client = await login()
    for (let at = 0; at < 10_000; at++) {
      if (client.closeCode !== null || client.socket.readyState !== client.socket.OPEN) {
        client = await login()
      }
      client.socket.send(mangledFrame(random))
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    client.cut()
    await until(() => stack.hub.connectionCount() === 0, { what: 'all are gone' })
    await isHubWell()
  })
})
