import { describe, expect, it } from '@jest/globals'
import { EARLIER_ITEMS_MAX, EarlierUnavailable, fetchEarlier } from './earlier.ts'
import { FakeClock, settle } from './fakes/fake-clock.ts'
import { FakeServer } from './fakes/fake-server.ts'
import { BOOT, lines, SESSION } from './fakes/feed-items.ts'

const TOPIC = `session:${SESSION}`

function ask(seq: number) {
  const server = new FakeServer()
  const clock = new FakeClock()
  const deps = { url: 'ws://here/ws', token: 'token', clock, connect: server.connect }
  const asked = fetchEarlier(deps, { topic: TOPIC, before: { bootId: BOOT, seq } as never })
  server.last.open()
  server.last.hello()
  return { server, clock, asked }
}

describe('what came before', () => {
  it('is asked for from one page before the oldest line there is, and ends there', async () => {
    const { server, asked } = ask(5_000)
    const [sub] = server.last.all('sub')
    expect(sub).toMatchObject({ since: { bootId: BOOT, seq: 4_999 - EARLIER_ITEMS_MAX } })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(3_000, 3_900) })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(3_901, 4_800) })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(4_801, 5_100) })
    const items = await asked
    expect([items.length, items[0]?.seq, items.at(-1)?.seq]).toEqual([2_000, 3_000, 4_999])
    expect(server.last.isClosedByClient).toBe(true)
  })

  it('begins at the very start when that is near', async () => {
    const { server, asked } = ask(11)
    expect(server.last.all('sub')[0]?.since).toBeUndefined()
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 20) })
    expect((await asked).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is given up after a while, with what has come so far', async () => {
    const { server, clock, asked } = ask(500)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 3) })
    await clock.advance(20_000)
    expect(await asked).toHaveLength(3)
  })

  it('is said to be gone when the server has none of it', async () => {
    const { server, asked } = ask(500)
    const failed = expect(asked).rejects.toBeInstanceOf(EarlierUnavailable)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(500, 510) })
    await failed
    await settle()
  })
})
