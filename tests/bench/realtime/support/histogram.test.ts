import { describe, expect, it } from '@jest/globals'
import { Histogram } from './histogram.ts'

const of = (...times: number[]) => {
  const histogram = new Histogram()
  for (const us of times) histogram.add(us)
  return histogram
}

describe('a histogram', () => {
  it('gives the smallest time that a share of all does not exceed', () => {
    const times = Array.from({ length: 100 }, (_, at) => at * 1_000)
    expect(of(...times).percentile(0.5)).toBeCloseTo(49.1)
    expect(of(...times).percentile(0.99)).toBeCloseTo(98.1)
    expect(of(...times).percentile(1)).toBeCloseTo(99.1)
  })

  it('of several processes is one of all their times, not a mean of their shares', () => {
    const merged = Histogram.merge([of(1_000, 1_000, 1_000).counts, of(500_000).counts])
    expect(merged.size).toBe(4)
    expect(merged.percentile(0.75)).toBeCloseTo(1.1)
    expect(merged.percentile(0.99)).toBeCloseTo(500.1)
  })

  it('counts what took longer than it can hold as its longest', () => {
    expect(of(3_600_000_000).percentile(1)).toBe(60_000)
  })
})
