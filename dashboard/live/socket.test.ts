import { describe, expect, it } from '@jest/globals'
import { settle } from './fakes/fake-clock.ts'
import { createConnected, createPage } from './fakes/fake-page.ts'
import { BOOT, lines, SESSION } from './fakes/feed-items.ts'

const TOPIC = `session:${SESSION}`

describe('the connection of a page', () => {
  it('logs in with the first frame and asks for its topics after the hello', async () => {
    const { server, socket } = createPage()
    socket.subscribe(TOPIC, {})
    await settle()
    server.last.open()
    expect(server.last.received).toEqual([{ type: 'auth', token: 'token-1' }])
    server.last.hello()
    expect(server.last.all('sub')).toMatchObject([{ topic: TOPIC }])
    expect(socket.status()).toMatchObject({ state: 'connected', attempt: 0 })
  })

  it('comes back by itself, with a fresh token, and goes on where it was', async () => {
    const { clock, server, socket, token, states } = await createConnected()
    const seen: number[] = []
    socket.subscribe(TOPIC, {
      onItems: (items) => seen.push(...items.map((item) => ('seq' in item ? item.seq : 0))),
    })
    server.last.ok(TOPIC, false)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 5) })
    token.value = 'token-2'
    server.last.cut()
    expect(socket.status()).toMatchObject({ state: 'reconnecting', retryAtMs: clock.now() + 500 })

    await clock.advance(500)
    server.last.open()
    expect(server.last.all('auth')).toEqual([{ type: 'auth', token: 'token-2' }])
    server.last.hello()
    expect(server.last.all('sub')).toMatchObject([{ since: { bootId: BOOT, seq: 5 } }])
    server.last.ok(TOPIC, true)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(5, 8) })
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(states).toEqual(['connected', 'reconnecting', 'connected'])
  })

  it('never gives up, and waits ever longer up to sixteen seconds', async () => {
    const { clock, server, socket } = await createConnected()
    const waits: number[] = []
    for (let attempt = 0; attempt < 30; attempt++) {
      server.last.cut()
      waits.push((socket.status().retryAtMs ?? 0) - clock.now())
      await clock.advance(waits.at(-1) ?? 0)
    }
    expect(waits.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000])
    expect(waits.at(-1)).toBe(16_000)
    expect(socket.status().state).toBe('reconnecting')
  })

  it.each([4500, 4501, 4502, 4503, 4504, 4505])('gives up on %i', async (code) => {
    const { clock, server, socket } = await createConnected()
    server.last.cut(code)
    await clock.advance(60_000)
    expect(socket.status()).toMatchObject({ state: 'closed', closeCode: code })
    expect(server.connections).toHaveLength(1)
    expect(clock.waiting).toBe(0)
  })

  it.each([1000, 1001, 1006, 1012, 4000, 4001, 4005, 4008, 4009])(
    'comes back after %i',
    async (code) => {
      const { clock, server } = await createConnected()
      server.last.cut(code)
      await clock.advance(500)
      expect(server.connections).toHaveLength(2)
    },
  )

  it('waits as long as a server that goes away asks for', async () => {
    const { clock, server, socket } = await createConnected()
    server.last.tell({ type: 'bye', code: 4000, reconnect: true, retryAfterMs: 7_000 })
    server.last.cut(4000)
    expect(socket.status().retryAtMs).toBe(clock.now() + 7_500)
  })

  it('drops a server that never says hello', async () => {
    const { clock, server } = createPage()
    await settle()
    server.last.open()
    await clock.advance(16_000)
    expect(server.connections[0]?.isClosedByClient).toBe(true)
    expect(server.connections.length).toBeGreaterThan(1)
  })

  it('notices a connection that died without a word', async () => {
    const { clock, server, socket } = await createConnected()
    await clock.advance(50_000)
    server.last.answersPings = false
    await clock.advance(10_000)
    expect(socket.status().state).toBe('connected')
    await clock.advance(10_000)
    expect(server.connections[0]?.isClosedByClient).toBe(true)
    expect(socket.status().state).toBe('reconnecting')
  })

  it('measures the round trip', async () => {
    const { clock, server, socket } = await createConnected()
    server.last.answersPings = false
    await clock.advance(30_000)
    await clock.advance(42)
    server.last.tell({ type: 'pong', id: server.last.all('ping')[0]?.id ?? 0 })
    expect(socket.status().latencyMs).toBe(42)
  })

  it('probes at once when the page wakes up or the network changes', async () => {
    const { server, page } = await createConnected()
    page.listener()
    expect(server.last.all('ping')).toHaveLength(1)
  })

  it('tries nothing while there is no network, and at once when it is back', async () => {
    const { clock, server, page, socket } = await createConnected()
    page.online = false
    server.last.cut()
    expect(socket.status().state).toBe('offline')
    await clock.advance(600_000)
    expect(server.connections).toHaveLength(1)
    page.online = true
    page.listener()
    await settle()
    expect(server.connections).toHaveLength(2)
  })

  it('does not wait out a long pause when the user looks at the page again', async () => {
    const { clock, server, page } = await createConnected()
    for (let attempt = 0; attempt < 6; attempt++) {
      server.last.cut()
      await clock.advance(20_000)
    }
    server.last.cut()
    const before = server.connections.length
    page.listener()
    await settle()
    expect(server.connections).toHaveLength(before + 1)
  })

  it('sends a fresh token before the old one runs out, on the same connection', async () => {
    const { clock, server, token } = await createConnected()
    token.value = 'token-2'
    await clock.advance(3_600_000 - 60_000)
    expect(server.last.all('refresh')).toEqual([{ type: 'refresh', token: 'token-2' }])
    const subs = server.last.all('sub').length
    server.last.hello()
    expect(server.last.all('sub')).toHaveLength(subs)
  })

  it('waits for a login when there is no token, and comes with it at once', async () => {
    const made = createPage(null)
    await settle()
    expect(made.server.connections).toHaveLength(0)
    expect(made.socket.status().state).toBe('reconnecting')
    made.token.value = 'token-1'
    made.socket.refreshToken()
    await settle()
    expect(made.server.connections).toHaveLength(1)
  })

  it('leaves no timer behind when it is closed', async () => {
    const { clock, server, socket } = await createConnected()
    socket.subscribe(TOPIC, {})
    server.last.ok(TOPIC, true)
    socket.close()
    expect(server.last.isClosedByClient).toBe(true)
    expect(clock.waiting).toBe(0)
  })
})
