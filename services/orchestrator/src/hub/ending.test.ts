import { describe, expect, it } from '@jest/globals'
import { Ending } from './ending.ts'

describe('an ending', () => {
  it('ends what belongs to it, once and in order', () => {
    const ending = new Ending()
    const told: string[] = []
    ending.onEnd(() => told.push('first'))
    ending.onEnd(() => told.push('second'))
    ending.end()
    ending.end()
    expect(told).toEqual(['first', 'second'])
  })

  it('ends at once what comes too late', () => {
    const ending = new Ending()
    ending.end()
    let isTold = false
    ending.onEnd(() => {
      isTold = true
    })
    expect(isTold).toBe(true)
  })

  it('does not tell who was forgotten', () => {
    const ending = new Ending()
    ending.onEnd(() => {
      throw new Error('told')
    })()
    expect(() => ending.end()).not.toThrow()
  })

  it('aborts work under way, and not work that is done', async () => {
    const ending = new Ending()
    const done = await ending.during(async (signal) => signal)
    const running = ending.during(
      (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    ending.end()
    await expect(running).rejects.toThrow('ended')
    expect(done.aborted).toBe(false)
  })
})
