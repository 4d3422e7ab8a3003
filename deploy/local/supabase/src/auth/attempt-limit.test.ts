import { describe, expect, it } from '@jest/globals'
import { AttemptLimit, FAILURES_MAX, WINDOW_MS } from './attempt-limit.ts'

describe('failed attempts', () => {
  it('block after a number of them, for a while, and only their own key', () => {
    let now = 0
    const limit = new AttemptLimit(() => now)
    for (let n = 0; n < FAILURES_MAX; n += 1) {
      expect(limit.isBlocked('a')).toBe(false)
      limit.fail('a')
    }
    expect([limit.isBlocked('a'), limit.isBlocked('b')]).toEqual([true, false])
    now += WINDOW_MS
    expect(limit.isBlocked('a')).toBe(false)
  })

  it('are forgotten after a success', () => {
    const limit = new AttemptLimit(() => 0)
    for (let n = 0; n < FAILURES_MAX; n += 1) limit.fail('a')
    limit.succeed('a')
    expect(limit.isBlocked('a')).toBe(false)
  })
})
