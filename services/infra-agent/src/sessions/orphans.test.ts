import { describe, expect, it } from '@jest/globals'
import { sessionId } from '@vessel/proto/ids'
import { decideOrphans, QUARANTINE_MS, type Sighting } from './orphans.ts'

const session = sessionId.parse('11111111-1111-4111-8111-111111111111')
const orphans = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `vm ${index}`, session }))

describe('orphans', () => {
  const first = decideOrphans(orphans(1), new Map(), { ms: 0, machineCount: 10 })

  it('are put into quarantine at the first sight, not destroyed', () => {
    expect(first.quarantine).toHaveLength(1)
    expect(first.destroy).toEqual([])
  })

  it('are destroyed when they are still there after the quarantine', () => {
    const early = decideOrphans(orphans(1), first.sightings, { ms: 1, machineCount: 10 })
    expect(early).toMatchObject({ quarantine: [], destroy: [] })
    const now = { ms: QUARANTINE_MS, machineCount: 10 }
    expect(decideOrphans(orphans(1), early.sightings, now).destroy).toHaveLength(1)
  })

  it('start their quarantine anew when they were gone in between', () => {
    const gone = decideOrphans([], first.sightings, { ms: 1, machineCount: 10 })
    const back = decideOrphans(orphans(1), gone.sightings, { ms: QUARANTINE_MS, machineCount: 10 })
    expect(back.destroy).toEqual([])
  })

  it.each([
    [6, 100, true],
    [5, 100, false],
    [3, 10, true],
    [1, 1, false],
  ])('%i of %i machines brake the pass: %s', (count, machineCount, isBraked) => {
    const seen = new Map<string, Sighting>(
      orphans(count).map(({ id }) => [id, { firstMs: 0, count: 2 }]),
    )
    const decision = decideOrphans(orphans(count), seen, { ms: QUARANTINE_MS, machineCount })
    expect(decision.isBraked).toBe(isBraked)
    expect(decision.destroy).toHaveLength(isBraked ? 0 : count)
  })
})
