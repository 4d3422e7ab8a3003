import { describe, expect, it } from '@jest/globals'
import { figuresOf, type Underway } from './session-figures.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const session = (over: Partial<Underway>): Underway => ({
  state: 'starting',
  deadlineAt: '2026-01-01T00:11:00Z',
  queuedAt: null,
  ...over,
})

describe('the figures of sessions', () => {
  it('say how far the latest is past its deadline, and nothing while all keep theirs', () => {
    const late = session({ deadlineAt: '2026-01-01T00:08:00Z' })
    const later = session({ deadlineAt: '2026-01-01T00:07:00Z' })
    expect(figuresOf([session({}), late, later], {}, NOW).overdueMsMax).toBe(180_000)
    expect(figuresOf([session({})], {}, NOW).overdueMsMax).toBe(0)
    expect(figuresOf([], {}, NOW).overdueMsMax).toBe(0)
  })

  it('count who waits for room and tell how long the first has', () => {
    const waiting = (queuedAt: string) => session({ state: 'placing', queuedAt })
    const queue = [waiting('2026-01-01T00:05:00Z'), waiting('2026-01-01T00:09:00Z')]
    const figures = figuresOf([...queue, session({})], { placing: 2 }, NOW)
    expect(figures).toMatchObject({ queued: 2, queuedMsMax: 300_000, counts: { placing: 2 } })
  })

  it('hold no session late whose state has no deadline', () => {
    expect(figuresOf([session({ deadlineAt: null })], {}, NOW).overdueMsMax).toBe(0)
  })
})
