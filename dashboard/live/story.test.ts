import { describe, expect, it } from '@jest/globals'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { BOOT, hostItem, line, lines, NEXT_BOOT } from './fakes/feed-items.ts'
import { Story } from './story.ts'
import type { TopicHandlers } from './types.ts'

/** Writes down what a handler is told. */
function createReader() {
  const told: string[] = []
  const nameOf = (item: TopicItem) => {
    if ('seq' in item) return String(item.seq)
    return item.kind === 'host' ? `${item.host.id}@${item.host.lastBeatAt.slice(0, 4)}` : item.kind
  }
  const handlers: TopicHandlers = {
    onItems: (items) => told.push(...items.map(nameOf)),
    onGap: ({ from, to }) => told.push(`gap ${from}-${to}`),
    onReset: () => told.push('reset'),
  }
  return { told, handlers }
}

describe('a story', () => {
  it('tells nothing twice', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    story.takeItems(lines(1, 3))
    story.takeItems(lines(2, 4))
    expect(told).toEqual(['1', '2', '3', '4'])
    expect(story.position).toEqual({ bootId: BOOT, seq: 4 })
  })

  it('tells one who joins late the same, gaps at their places', () => {
    const story = new Story()
    story.takeItems(lines(1, 2))
    story.takeGap({ bootId: BOOT, from: 3, to: 5 })
    story.takeItems(lines(6, 7))
    const { told, handlers } = createReader()
    story.join(handlers)
    expect(told).toEqual(['1', '2', 'gap 3-5', '6', '7'])
  })

  it('stops at a hole nobody announced, and goes on once it is filled', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    expect(story.takeItems([...lines(1, 2), line(5)])).toBe(false)
    expect(story.position).toEqual({ bootId: BOOT, seq: 2 })
    expect(story.takeItems(lines(3, 5))).toBe(true)
    expect(told).toEqual(['1', '2', '3', '4', '5'])
  })

  it('takes from a gap what comes late, once', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    story.takeGap({ bootId: BOOT, from: 1, to: 3 })
    story.takeItems([line(4), line(2), line(2)])
    expect(told).toEqual(['gap 1-3', '4', '2'])
  })

  it('forgets only when what replaces it is there', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    story.takeItems(lines(1, 2))
    story.startOver()
    expect(told).toEqual(['1', '2'])
    expect(story.position).toBeNull()
    story.takeItems([line(1, NEXT_BOOT)])
    expect(told).toEqual(['1', '2', 'reset', '1'])
  })

  it('does not tell of a reset when there was nothing', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    story.startOver()
    story.settle()
    expect(told).toEqual([])
  })

  it('never shows an older view after a newer one', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    story.join(handlers)
    story.takeItems([hostItem('h', '2002-01-01T00:00:00Z')])
    story.takeItems([hostItem('h', '2001-01-01T00:00:00Z')])
    expect(told).toEqual(['h@2002'])
    story.startOver()
    story.takeItems([hostItem('h', '2001-01-01T00:00:00Z')])
    expect(told).toEqual(['h@2002', 'reset', 'h@2002'])
  })

  it('drops what the server no longer has', () => {
    const story = new Story()
    story.takeItems([hostItem('a', '2002-01-01T00:00:00Z'), hostItem('b', '2002-01-01T00:00:00Z')])
    story.startOver()
    story.takeItems([hostItem('b', '2003-01-01T00:00:00Z')])
    const { told, handlers } = createReader()
    story.join(handlers)
    expect(told).toEqual(['b@2003'])
  })

  it('is not stopped by a handler that throws', () => {
    const [story, { told, handlers }] = [new Story(), createReader()]
    const failures: unknown[] = []
    const real = globalThis.queueMicrotask
    globalThis.queueMicrotask = (run) => {
      try {
        run()
      } catch (error) {
        failures.push(error)
      }
    }
    try {
      story.join({
        onItems: () => {
          throw new Error('the page is broken')
        },
      })
      story.join(handlers)
      story.takeItems(lines(1, 1))
    } finally {
      globalThis.queueMicrotask = real
    }
    expect(told).toEqual(['1'])
    expect(failures).toHaveLength(1)
  })
})
