import { describe, expect, it } from '@jest/globals'
import { reconnectDelayMs } from './reconnect.ts'

describe('the wait before an attempt', () => {
  it('is at most half a second the first time', () => {
    expect(reconnectDelayMs(1, 0)).toBe(0)
    expect(reconnectDelayMs(1, 0.999)).toBeLessThanOrEqual(500)
  })

  it('doubles its ceiling from one second to sixteen, and stays there for ever', () => {
    const ceilings = [2, 3, 4, 5, 6, 7, 100, 10_000].map((attempt) => reconnectDelayMs(attempt, 1))
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000, 16_000])
  })

  it('is spread over the whole range', () => {
    expect(reconnectDelayMs(6, 0)).toBe(0)
    expect(reconnectDelayMs(6, 0.5)).toBe(8_000)
  })

  it('is never less than the server asked for', () => {
    expect(reconnectDelayMs(1, 0, 3_000)).toBe(3_000)
  })
})
