import { describe, expect, it } from '@jest/globals'
import { readAhead } from './read-ahead.ts'

describe('reading ahead', () => {
  it('keeps the order and never runs more than allowed', async () => {
    let running = 0
    let most = 0
    const prepare = async (item: number) => {
      running += 1
      most = Math.max(most, running)
      for (let turn = 0; turn < 20 - item; turn += 1) await Promise.resolve()
      running -= 1
      return item * 2
    }
    const results: number[] = []
    const items = Array.from({ length: 20 }, (_, n) => n)
    for await (const { result } of readAhead(items, 4, prepare)) results.push(result)
    expect(results).toEqual(items.map((item) => item * 2))
    expect(most).toBeLessThanOrEqual(4)
  })

  it('throws the first failure in order and waits for what was begun', async () => {
    let isLateDone = false
    const prepare = async (item: string) => {
      if (item === 'bad') throw new Error('bad')
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
      if (item === 'late') isLateDone = true
      return item
    }
    const run = async () => {
      for await (const _ of readAhead(['a', 'bad', 'late'], 3, prepare));
    }
    await expect(run()).rejects.toThrow('bad')
    expect(isLateDone).toBe(true)
  })
})
