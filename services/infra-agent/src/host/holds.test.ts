import { describe, expect, it } from '@jest/globals'
import { sessionId } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { HOLD_MS } from '@vessel/proto/placement'
import { Holds } from './holds.ts'

describe('promised room', () => {
  const [one, two] = ['1', '2'].map((digit) =>
    sessionId.parse(`${digit.repeat(8)}-1111-4111-8111-111111111111`),
  )
  if (!one || !two) throw new Error('two ids are needed')

  it('counts for everyone but the one it was promised to, until it runs out', () => {
    let nowMs = 0
    const holds = new Holds({ now: () => 0, monotonic: () => nowMs, sleep: async () => {} })
    holds.hold(one, DEFAULT_MACHINE)
    expect(holds.specsExcept(two)).toHaveLength(1)
    expect(holds.specsExcept(one)).toHaveLength(0)
    nowMs = HOLD_MS
    expect(holds.specsExcept(two)).toHaveLength(0)
  })
})
