import { describe, expect, it } from '@jest/globals'
import { LogIndex } from './log-index.ts'

/** Every tenth item leaves a mark; item n lies at place n × 2. */
function filled(count: number, indexEntriesMax = 100): LogIndex {
  const index = new LogIndex({ indexEveryItems: 10, indexEntriesMax })
  for (let seq = 1; seq <= count; seq++) index.add(seq * 2, new Map([['boot', seq]]))
  return index
}

describe('the index of a log', () => {
  it('finds the last mark before an item, never one behind it', () => {
    const index = filled(100)
    expect(index.beforeItem('boot', 35).streamSeq).toBe(60)
    expect(index.beforeItem('boot', 30).streamSeq).toBe(40)
    expect(index.beforeItem('boot', 31).streamSeq).toBe(60)
    expect(index.beforeItem('boot', 5).streamSeq).toBe(0)
  })

  it('finds the last mark at or before a place, with how far each boot was', () => {
    const index = filled(100)
    expect(index.before(60)).toEqual({ streamSeq: 60, heads: new Map([['boot', 30]]) })
    expect(index.before(79).heads.get('boot')).toBe(30)
    expect(index.before(19)).toEqual({ streamSeq: 0, heads: new Map() })
  })

  it('starts an unknown boot from the last mark: it lies behind everything seen', () => {
    expect(filled(100).beforeItem('other', 1).streamSeq).toBe(200)
  })

  it('forgets the oldest marks and then starts from the beginning', () => {
    const index = filled(1_000, 5)
    expect(index.beforeItem('boot', 100).streamSeq).toBe(0)
    expect(index.beforeItem('boot', 985).streamSeq).toBe(1_960)
  })
})
