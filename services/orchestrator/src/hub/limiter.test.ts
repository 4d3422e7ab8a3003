import { describe, expect, it } from '@jest/globals'
import { Limiter } from './limiter.ts'

describe('the limiter', () => {
  it('lets a hundred through at once and then as many as a minute brings', () => {
    const limiter = new Limiter(100)
    const passed = Array.from({ length: 150 }, () => limiter.take('user:sub', 0)).filter(Boolean)
    expect(passed).toHaveLength(100)
    expect(limiter.take('user:sub', 599)).toBe(false)
    expect(limiter.take('user:sub', 1_199)).toBe(true)
    expect(limiter.take('user:sub', 1_199)).toBe(false)
  })

  it('counts every user and every type of command apart', () => {
    const limiter = new Limiter(1)
    expect(limiter.take('a:sub', 0)).toBe(true)
    expect(limiter.take('a:ping', 0)).toBe(true)
    expect(limiter.take('b:sub', 0)).toBe(true)
    expect(limiter.take('a:sub', 0)).toBe(false)
  })

  it('forgets who has been quiet', () => {
    const limiter = new Limiter(60)
    limiter.take('a:sub', 0)
    limiter.sweep(500)
    expect(limiter.size).toBe(1)
    limiter.sweep(1_000)
    expect(limiter.size).toBe(0)
  })

  it('is not fooled by a clock that goes back', () => {
    const limiter = new Limiter(1)
    limiter.take('a', 60_000)
    expect(limiter.take('a', 0)).toBe(false)
  })
})
