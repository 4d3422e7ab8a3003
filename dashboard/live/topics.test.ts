import { describe, expect, it } from '@jest/globals'
import { createConnected } from './fakes/fake-page.ts'
import { BOOT, lines, SESSION } from './fakes/feed-items.ts'

const TOPIC = `session:${SESSION}`

describe('the topics of a page', () => {
  it('are asked for once, however many parts of the page watch', async () => {
    const { clock, server, socket } = await createConnected()
    const leave = [socket.subscribe(TOPIC, {}), socket.subscribe(TOPIC, {})]
    expect(server.last.all('sub')).toHaveLength(1)
    leave[0]?.()
    leave[0]?.()
    await clock.advance(10_000)
    expect(server.last.all('unsub')).toEqual([])
    leave[1]?.()
    await clock.advance(2_000)
    expect(server.last.all('unsub')).toMatchObject([{ topic: TOPIC }])
  })

  it('survive a change of view', async () => {
    const { clock, server, socket } = await createConnected()
    socket.subscribe(TOPIC, {})()
    await clock.advance(1_000)
    socket.subscribe(TOPIC, {})
    await clock.advance(10_000)
    expect(server.last.all('unsub')).toEqual([])
    expect(server.last.all('sub')).toHaveLength(1)
  })

  it('start over when the server could not recover', async () => {
    const { clock, server, socket } = await createConnected()
    const told: string[] = []
    socket.subscribe(TOPIC, {
      onItems: (items) => told.push(`${items.length} items`),
      onReset: () => told.push('reset'),
      onGap: ({ from, to }) => told.push(`gap ${from}-${to}`),
    })
    server.last.ok(TOPIC, false)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 3) })
    server.last.cut()
    await clock.advance(500)
    server.last.open()
    server.last.hello()
    server.last.ok(TOPIC, false)
    server.last.tell({ type: 'gap', topic: TOPIC, bootId: BOOT as never, from: 1, to: 6 })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(7, 8) })
    expect(told).toEqual(['3 items', 'reset', 'gap 1-6', '2 items'])
  })

  it('are asked for again when something is missing that nobody announced', async () => {
    const { server, socket } = await createConnected()
    socket.subscribe(TOPIC, {})
    server.last.ok(TOPIC, false)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 3) })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(5, 6) })
    expect(server.last.all('sub')).toMatchObject([{}, { since: { bootId: BOOT, seq: 3 } }])
    expect(socket.position(TOPIC)).toEqual({ bootId: BOOT, seq: 3 })
  })

  it('show what is missing when asking again does not help', async () => {
    const { server, socket } = await createConnected()
    const told: string[] = []
    socket.subscribe(TOPIC, {
      onItems: (items) => told.push(`${items.length} items`),
      onGap: ({ from, to }) => told.push(`gap ${from}-${to}`),
    })
    server.last.ok(TOPIC, false)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(1, 3) })
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(5, 6) })
    server.last.ok(TOPIC, true)
    server.last.tell({ type: 'events', topic: TOPIC, items: lines(5, 6) })
    expect(told).toEqual(['3 items', 'gap 4-4', '1 items', '1 items'])
    expect(server.last.all('sub')).toHaveLength(2)
  })

  it('are tried again when it is "not now", not when it is "not you"', async () => {
    const { clock, server, socket } = await createConnected()
    const errors: [string, boolean][] = []
    socket.subscribe(TOPIC, { onError: ({ code, isRetried }) => errors.push([code, isRetried]) })
    const id = server.last.all('sub')[0]?.id ?? 0
    server.last.tell({ type: 'error', id, code: 'BUS_DOWN', message: 'not now' })
    await clock.advance(2_000)
    expect(server.last.all('sub')).toHaveLength(2)
    const again = server.last.all('sub')[1]?.id ?? 0
    server.last.tell({ type: 'error', id: again, code: 'SESSION_NOT_FOUND', message: 'no' })
    await clock.advance(60_000)
    expect(server.last.all('sub')).toHaveLength(2)
    expect(errors).toEqual([
      ['BUS_DOWN', true],
      ['SESSION_NOT_FOUND', false],
    ])
  })

  it('say where the page is, again after every reconnect', async () => {
    const { clock, server, socket } = await createConnected()
    const topic = `project:${SESSION}`
    socket.setPresence(topic, 'boot')
    socket.subscribe(topic, {})
    server.last.ok(topic, false)
    expect(server.last.all('presence')).toMatchObject([{ state: 'boot' }])
    socket.setPresence(topic, 'editor')
    server.last.cut()
    await clock.advance(500)
    server.last.open()
    server.last.hello()
    server.last.ok(topic, false)
    expect(server.last.all('presence')).toMatchObject([{ state: 'editor' }])
  })

  it('keep the list of who is there', async () => {
    const { server, socket } = await createConnected()
    const topic = `project:${SESSION}`
    const lists: string[][] = []
    socket.subscribe(topic, { onPresence: (all) => lists.push(all.map(({ name }) => name)) })
    const member = (name: string, last: string) => ({
      userId: `00000000-0000-4000-8000-00000000000${last}` as never,
      name,
      state: 'editor' as const,
    })
    const [ann, bob] = [member('Ann', 'a'), member('Bob', 'b')]
    const notice = { type: 'presence', topic, join: [], leave: [] } as const
    server.last.tell({ ...notice, join: [], leave: [], list: [ann] })
    server.last.tell({ ...notice, join: [bob], leave: [] })
    server.last.tell({ ...notice, join: [], leave: [ann.userId] })
    expect(lists).toEqual([['Ann'], ['Ann', 'Bob'], ['Bob']])
  })
})
