import { describe, expect, it } from '@jest/globals'
import type { FeedItem } from '@vessel/proto/events/feed'
import { BOOT, feedItem, line, lines, NEXT_BOOT } from './fakes/feed-items.ts'
import { EMPTY_FEED, type FeedAction, feedReducer, ROWS_MAX } from './feed-reducer.ts'

const items = (...list: FeedItem[]): FeedAction => ({ type: 'items', items: list })
const gap = (from: number, to: number): FeedAction => ({
  type: 'gap',
  gap: { bootId: BOOT, from, to },
})
const draw = (...actions: FeedAction[]) => actions.reduce(feedReducer, EMPTY_FEED)
const step = (seq: number, state: 'started' | 'progress' | 'done', fraction?: number) =>
  feedItem(seq, {
    kind: 'step',
    step: 'hydrate',
    state,
    ...(fraction === undefined ? {} : { fraction }),
    ...(state === 'done' ? { durationMs: 1_200 } : {}),
  })

const rowsOf = (state: typeof EMPTY_FEED) =>
  state.rows.map((row) =>
    row.kind === 'line' ? row.line.seq : `gap ${row.gap.from}-${row.gap.to}`,
  )

describe('a drawn session', () => {
  it('has its lines in order and its gaps between them', () => {
    const state = draw(items(...lines(1, 2)), gap(3, 6), items(...lines(7, 8)))
    expect(rowsOf(state)).toEqual([1, 2, 'gap 3-6', 7, 8])
    expect(new Set(state.rows.map(({ key }) => key)).size).toBe(5)
  })

  it('closes a gap around what comes late', () => {
    const start = [items(...lines(1, 2)), gap(3, 6), items(line(7))]
    expect(rowsOf(draw(...start, items(line(4))))).toEqual([1, 2, 'gap 3-3', 4, 'gap 5-6', 7])
    const all = draw(...start, items(line(4)), items(line(3), line(6)), items(line(5)))
    expect(rowsOf(all)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('follows a step from its start to its end', () => {
    const state = draw(items(step(1, 'started')), items(step(2, 'progress', 0.4)))
    expect(state.steps).toMatchObject([{ step: 'hydrate', state: 'progress', fraction: 0.4 }])
    const done = feedReducer(state, items(step(3, 'done')))
    expect(done.steps).toMatchObject([{ state: 'done', durationMs: 1_200, fraction: null }])
  })

  it('keeps the newest event of each type', () => {
    const ready = { type: 'ready', epoch: 1, ip: '10.0.0.2', durationMs: 5 } as const
    const state = draw(items(feedItem(1, { kind: 'event', event: ready })))
    expect(state.events.ready).toEqual(ready)
  })

  it('begins steps and events anew with the next boot, and keeps the lines', () => {
    const state = draw(items(line(1), step(2, 'started')), items(line(1, NEXT_BOOT)))
    expect(state.steps).toEqual([])
    expect(state.bootId).toBe(NEXT_BOOT)
    expect(rowsOf(state)).toEqual([1, 1])
  })

  it('is bounded, and says how much fell away', () => {
    const state = draw(items(...lines(1, ROWS_MAX + 25)))
    expect(state.rows).toHaveLength(ROWS_MAX)
    expect(state.rowsDropped).toBe(25)
    expect(rowsOf(state)[0]).toBe(26)
  })

  it('is empty after a reset, and the same object when nothing changed', () => {
    const state = draw(items(...lines(1, 3)))
    expect(feedReducer(state, { type: 'reset' })).toBe(EMPTY_FEED)
    expect(feedReducer(state, items())).toBe(state)
  })
})
