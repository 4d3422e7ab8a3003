import { describe, expect, it } from '@jest/globals'
import type { AdminSessionView } from '@vessel/proto/http/session-view'
import { EMPTY_BOARD, runningOf, withList, withTold } from './session-board.ts'

const AT = '2026-01-01T00:00:00.000Z'
const view = (id: string, state: AdminSessionView['state'], revision: number) =>
  ({ id, state, revision, createdAt: AT }) as AdminSessionView

describe('the board of sessions', () => {
  it('shows what was told since the list, and what the list knows better', () => {
    const told = withTold(EMPTY_BOARD, [view('a', 'ready', 3), view('b', 'starting', 1)], 1)
    const board = withList(told, [view('a', 'starting', 2), view('b', 'ready', 2)])
    expect(runningOf(board).map(({ id, state }) => [id, state])).toEqual([
      ['a', 'ready'],
      ['b', 'ready'],
    ])
  })

  it('drops what has ended at once, and what the list has no more', () => {
    const first = withList(EMPTY_BOARD, [view('a', 'ready', 2), view('b', 'ready', 2)])
    const ended = withTold(first, [view('a', 'stopped', 3)], 1)
    expect(runningOf(ended).map(({ id }) => id)).toEqual(['b'])
    expect(runningOf(withList(ended, []))).toEqual([])
  })

  it('lists a change once, newest first, and none for a beat of activity', () => {
    const first = withTold(EMPTY_BOARD, [view('a', 'starting', 1)], 1)
    const busy = withTold(first, [view('a', 'starting', 2), view('a', 'ready', 3)], 2)
    const late = withTold(busy, [view('a', 'starting', 2)], 3)
    expect(late.changes.map(({ session, atMs }) => [session.state, atMs])).toEqual([
      ['ready', 2],
      ['starting', 1],
    ])
  })

  it('never grows beyond what anyone reads', () => {
    const board = Array.from({ length: 80 }, (_, at) => view(`s${at}`, 'ready', 1)).reduce(
      (before, session, at) => withTold(before, [session], at),
      EMPTY_BOARD,
    )
    expect(board.changes).toHaveLength(50)
    expect(board.changes[0]?.session.id).toBe('s79')
  })
})
