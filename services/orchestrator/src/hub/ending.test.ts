import { describe, expect, it } from '@jest/globals'
import { Ending } from './ending.ts'

describe('an ending', () => {
  it('ends what belongs to it, once and in order', () => {
    const ending = new Ending()
    const told: string[] = []
    ending.add({ end: () => told.push('first') })
    ending.add({ end: () => told.push('second') })
    ending.end()
    ending.end()
    expect(told).toEqual(['first', 'second'])
  })

  it('ends at once what comes too late', () => {
    const ending = new Ending()
    ending.end()
    let isTold = false
    ending.add({
      end: () => {
        isTold = true
      },
    })
    expect(isTold).toBe(true)
  })

  it('is a deadline, too', async () => {
    const signal = await new Ending().during(
      (aborted) =>
        new Promise<AbortSignal>((resolve) => (aborted.onabort = () => resolve(aborted))),
      1,
    )
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
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
