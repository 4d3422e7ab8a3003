import { describe, expect, it } from '@jest/globals'
import { type Bar, formatOutcome, isMet } from './outcome.ts'

const bar = (reached: number, is: Bar['is'] = 'at most'): Bar => ({
  what: 'p99',
  is,
  limit: 2,
  reached,
  unit: '×',
})
const outcome = (bars: readonly Bar[]) => ({
  name: 'a benchmark',
  columns: ['vessel', 'ws'],
  rows: [{ what: 'ms', values: [1.234, null] }],
  bars,
})

describe('an outcome', () => {
  it('is met when each of its bars is, and the limit itself is enough', () => {
    expect(isMet(outcome([bar(2), bar(2, 'at least')]))).toBe(true)
    expect(isMet(outcome([bar(2), bar(2.01)]))).toBe(false)
    expect(isMet(outcome([bar(1.99, 'at least')]))).toBe(false)
  })

  it('is not met when nothing was measured', () => {
    expect(isMet(outcome([bar(Number.NaN)]))).toBe(false)
    expect(isMet(outcome([bar(Number.NaN, 'at least')]))).toBe(false)
  })

  it('shows every figure, every bar and what it reached', () => {
    const text = formatOutcome(outcome([bar(1.5), bar(3)]))
    expect(text).toContain('1.23           -  ms')
    expect(text).toContain('met     p99: 1.50 ×, at most 2 ×')
    expect(text).toContain('NOT MET p99: 3 ×, at most 2 ×')
  })
})
