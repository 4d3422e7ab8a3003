import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { ProjectId, UserId } from '@vessel/proto/ids'
import { FakeClock } from '../../test/hub/support/fake-clock.ts'
import { HUB_LIMITS } from './limits.ts'
import type { Notice } from './notice.ts'
import type { Notifications } from './ports.ts'
import { type PresenceChange, PresenceRoom } from './presence-room.ts'

/** A bus that hands every notice to everyone at once, until it is cut. */
class TestBus implements Notifications {
  readonly #listeners = new Set<(notice: Notice) => void>()
  isCut = false

  async subscribe(...[, listener]: Parameters<Notifications['subscribe']>) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  publish(...[, notice]: Parameters<Notifications['publish']>): void {
    if (!this.isCut) for (const listener of [...this.#listeners]) listener(notice)
  }

  onInterrupted(): () => void {
    return () => undefined
  }
}

const ANN = { userId: randomUUID() as UserId, name: 'Ann', isAdmin: false }
const project = randomUUID() as ProjectId

async function createRooms() {
  const clock = new FakeClock()
  const bus = new TestBus()
  const make = () => new PresenceRoom({ project, notifications: bus, clock, limits: HUB_LIMITS })
  const [here, there] = [make(), make()]
  await Promise.resolve()
  const seen: PresenceChange[] = []
  there.watch((change) => seen.push(change))
  return { clock, bus, here, there, seen, make }
}

describe('presence on a project', () => {
  it('reaches the watchers of another orchestrator', async () => {
    const { here, there, seen } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    expect(there.members).toEqual([{ userId: ANN.userId, name: 'Ann', state: 'editor' }])
    expect(seen).toHaveLength(1)
  })

  it('is known to an orchestrator that joins later', async () => {
    const { here, make } = await createRooms()
    here.enter('tab-1', ANN, 'boot')
    const late = make()
    await Promise.resolve()
    expect(late.members).toHaveLength(1)
  })

  it('does not make a leave and a join of a reload', async () => {
    const { clock, here, there, seen } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    here.exit('tab-1')
    clock.advance(HUB_LIMITS.presenceLeaveAfterMs - 1)
    here.enter('tab-2', ANN, 'editor')
    clock.advance(HUB_LIMITS.presenceLeaveAfterMs)
    expect(there.members).toHaveLength(1)
    expect(seen).toHaveLength(1)
  })

  it('tells of a leave after a while', async () => {
    const { clock, here, there, seen } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    here.exit('tab-1')
    clock.advance(HUB_LIMITS.presenceLeaveAfterMs)
    expect(there.members).toEqual([])
    expect(seen.at(-1)).toEqual({ join: [], leave: [ANN.userId] })
  })

  it('forgets the people of an orchestrator that died', async () => {
    const { clock, bus, here, there } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    bus.isCut = true
    clock.advance(HUB_LIMITS.presenceTtlMs + 2 * HUB_LIMITS.presenceRefreshMs)
    clock.advance(HUB_LIMITS.presenceLeaveAfterMs)
    expect(there.members).toEqual([])
  })

  it('keeps people who stay, however long', async () => {
    const { clock, here, there, seen } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    clock.advance(10 * HUB_LIMITS.presenceTtlMs)
    expect(there.members).toHaveLength(1)
    expect(seen).toHaveLength(1)
  })

  it('ends its timers with the room', async () => {
    const { clock, here, there } = await createRooms()
    here.enter('tab-1', ANN, 'editor')
    here.stop()
    there.stop()
    expect(clock.waiting).toBe(0)
  })
})
