import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SessionFigures } from './session-figures.ts'
import { READ_EVERY_MS, watchFigures } from './watch-figures.ts'

const figures = (queued: number): SessionFigures => ({
  ...{ counts: {}, queued, queuedMsMax: 0, overdueMsMax: 0 },
})
const log = { debug() {}, info() {}, warn() {}, error() {} }
const clock = { now: () => 1_000 }

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('the watch over figures', () => {
  it('keeps the last answer while the database gives none', async () => {
    const answers = [async () => figures(1), async () => Promise.reject(new Error('away'))]
    const read = jest.fn(() => (answers.shift() ?? (async () => figures(3)))())
    const watch = watchFigures({ read, clock, log })
    await jest.advanceTimersByTimeAsync(READ_EVERY_MS)
    expect(read).toHaveBeenCalledTimes(2)
    expect(watch.latest()).toEqual({ figures: figures(1), atMs: 1_000 })
    await jest.advanceTimersByTimeAsync(READ_EVERY_MS)
    expect(watch.latest()?.figures.queued).toBe(3)
    await watch.stop()
  })

  it('asks no second question while the first has no answer, and none after its end', async () => {
    const asked = Promise.withResolvers<SessionFigures>()
    const read = jest.fn(() => asked.promise)
    const watch = watchFigures({ read, clock, log })
    await jest.advanceTimersByTimeAsync(10 * READ_EVERY_MS)
    expect(read).toHaveBeenCalledTimes(1)
    expect(watch.latest()).toBeNull()
    const stopping = watch.stop()
    asked.resolve(figures(1))
    await stopping
    await jest.advanceTimersByTimeAsync(10 * READ_EVERY_MS)
    expect(read).toHaveBeenCalledTimes(1)
  })
})
