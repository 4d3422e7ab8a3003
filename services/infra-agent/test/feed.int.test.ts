import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { feedItem } from '@vessel/proto/events/feed'
import { hostId } from '@vessel/proto/ids'
import { Publisher } from '../src/feed/publisher.ts'
import { SessionFeed } from '../src/feed/session-feed.ts'
import { SPOOL_BYTES_MAX, Spool } from '../src/feed/spool.ts'
import { systemClock as clock } from '../src/host/clock.ts'
import { newBootId, startCommand } from './support/agent.ts'
import { Cleanup, until } from './support/processes.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

describe('the spool', () => {
  const cleanup = new Cleanup()
  let folder: string
  beforeEach(async () => {
    folder = await cleanup.folder()
  })
  afterEach(() => cleanup.run())

  function createFeed(spool: Spool) {
    const { session } = startCommand()
    const identity = { host: hostId.parse('h1'), session, bootId: newBootId() }
    return new SessionFeed({ identity, spool, clock, onAppend() {}, onMetric() {} })
  }

  it('counts on after a crash, without the line the crash cut short', () => {
    const first = new Spool(folder)
    for (const text of ['a', 'b', 'c']) first.append(text)
    const [name] = readdirSync(folder)
    appendFileSync(join(folder, name ?? ''), '{"torn')
    const second = new Spool(folder)
    expect(second.lastSeq).toBe(3)
    second.append('d')
    expect([1, 2, 3, 4].map((seq) => second.read(seq))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('gives space back when items are acknowledged, and keeps its count without any', () => {
    const spool = new Spool(folder)
    const text = 'x'.repeat(1_000)
    for (let item = 0; item < 5_000; item += 1) spool.append(text)
    spool.ack(5_000)
    expect(spool.bytes).toBeLessThan(2 * 1024 * 1024)
    spool.close()
    const again = new Spool(folder)
    expect([again.lastSeq, again.ackedSeq]).toEqual([5_000, 5_000])
  })

  it('when it is full drops lines with a mark where they were, and never an event', async () => {
    const spool = new Spool(folder)
    const feed = createFeed(spool)
    const filler = 'x'.repeat(64 * 1024)
    while (spool.hasRoomForLines) spool.append(filler)
    feed.line('user', 'does not fit')
    feed.line('user', 'nor does this')
    await feed.event({ type: 'stopped', epoch: 1, reason: 'idle', isSaved: true })
    const last = spool.lastSeq
    expect(feedItem.parse(JSON.parse(spool.read(last)))).toMatchObject({ kind: 'event' })
    const gap = feedItem.parse(JSON.parse(spool.read(last - 1)))
    expect(gap).toMatchObject({ kind: 'line', linesDropped: 2 })
    expect(spool.bytes).toBeLessThan(SPOOL_BYTES_MAX)
  })

  it('cuts a flood by bytes and says how much', async () => {
    const spool = new Spool(folder)
    const feed = createFeed(spool)
    for (let line = 0; line < 1_000; line += 1) feed.line('user', 'y'.repeat(4_000))
    feed.close()
    const items = Array.from({ length: spool.lastSeq }, (_, index) =>
      feedItem.parse(JSON.parse(spool.read(index + 1))),
    )
    const lines = items.flatMap((item) => (item.kind === 'line' ? [item] : []))
    const dropped = lines.reduce((sum, { linesDropped = 0 }) => sum + linesDropped, 0)
    const kept = lines.filter(({ source }) => source === 'user').length
    expect(kept + dropped).toBe(1_000)
    expect(kept).toBeLessThan(200)
  })

  it('is sent in order, whatever fails in between', async () => {
    const spool = new Spool(folder)
    const feed = createFeed(spool)
    const stored: number[] = []
    // As one connection behaves: what breaks it takes everything sent after it along.
    let [calls, open, isBroken] = [0, 0, false]
    const publisher = new Publisher({
      ...{ spool, clock, log: silent },
      bus: {
        isConnected: () => true,
        async publish({ messageId }) {
          calls += 1
          open += 1
          const isLost = isBroken || calls % 9 === 5
          const isUnanswered = isLost || calls % 13 === 11
          isBroken = isBroken || isUnanswered
          const seq = Number(messageId.split(':')[1])
          if (!isLost && !stored.includes(seq)) stored.push(seq)
          await Promise.resolve()
          open -= 1
          if (open === 0) isBroken = false
          if (isUnanswered) throw new Error('no answer')
        },
      },
    })
    for (let line = 0; line < 20; line += 1) feed.line('agent', `line ${line}`)
    publisher.poke()
    await until('all is acknowledged', () => publisher.isDrained, 30_000)
    await publisher.close()
    expect(stored).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  }, 40_000)
})
