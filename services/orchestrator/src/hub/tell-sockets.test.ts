import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../test/hub/support/fake-clock.ts'
import type { HubContext } from './context.ts'
import { HUB_LIMITS } from './limits.ts'
import type { Notice } from './notice.ts'
import type { NoticeAddress } from './ports.ts'
import { startTimers } from './timers.ts'

const EVERY_MS = HUB_LIMITS.tellSocketsMs

/** Copies on one bus without a browser; on some of them an administrator looks. */
function copiesOf(count: number) {
  const clock = new FakeClock()
  const published: string[] = []
  const listeners = new Map<string, Set<(notice: Notice) => void>>()
  const notifications = {
    async subscribe({ kind }: NoticeAddress, listener: (notice: Notice) => void) {
      const ofKind = listeners.get(kind) ?? new Set()
      listeners.set(kind, ofKind.add(listener))
      return () => void ofKind.delete(listener)
    },
    publish({ kind }: NoticeAddress, notice: Notice) {
      published.push(kind)
      for (const listener of listeners.get(kind) ?? []) listener(notice)
    },
  }
  const copies = Array.from({ length: count }, () => {
    const looking = { isThere: false }
    const ctx = {
      ...{ clock, notifications, limits: HUB_LIMITS, connections: new Set() },
      node: 'aaaaaaaa-0000-4000-8000-000000000001',
      limiter: { sweep: () => undefined },
      channels: { has: (name: string) => name === 'admin' && looking.isThere },
    }
    return { looking, timers: startTimers(ctx as unknown as HubContext) }
  })
  const tellingsWithin = (ms: number) => {
    const before = published.length
    clock.advance(ms)
    return published.slice(before).filter((kind) => kind === 'admin').length
  }
  return { clock, copies, published, tellingsWithin }
}

describe('what is told of the sockets', () => {
  it('is nothing, and asked by nobody, while no administrator looks', () => {
    const { published, tellingsWithin } = copiesOf(2)
    expect(tellingsWithin(20 * EVERY_MS)).toBe(0)
    expect(published).toEqual([])
  })

  it('is told by every copy while one of them has an administrator, and no longer', () => {
    const { copies, tellingsWithin } = copiesOf(3)
    const [first] = copies
    if (!first) throw new Error('no copy')
    first.looking.isThere = true
    expect(tellingsWithin(10 * EVERY_MS)).toBe(30)
    first.looking.isThere = false
    expect(tellingsWithin(10 * EVERY_MS)).toBe(0)
  })

  it('is not told more often because more copies ask', () => {
    const { copies, tellingsWithin } = copiesOf(3)
    for (const { looking } of copies) looking.isThere = true
    expect(tellingsWithin(10 * EVERY_MS)).toBe(30)
  })

  it('is told no more by a copy that has stopped', async () => {
    const { copies, tellingsWithin } = copiesOf(2)
    const [first, second] = copies
    if (!first || !second) throw new Error('no copies')
    first.looking.isThere = true
    second.timers.stop()
    await new Promise(setImmediate)
    expect(tellingsWithin(10 * EVERY_MS)).toBe(10)
  })
})
