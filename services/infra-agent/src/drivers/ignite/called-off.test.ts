import { describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { untilCalledOff } from './called-off.ts'

describe('work on a machine', () => {
  it('goes on when only the agent ends, for the next one to find', () => {
    const given = new AbortController()
    const signal = untilCalledOff(given.signal)
    given.abort(new VesselError('SHUTTING_DOWN'))
    expect(signal.aborted).toBe(false)
  })

  it('ends when it is called off, also before it began', () => {
    const given = new AbortController()
    const signal = untilCalledOff(given.signal)
    given.abort(new VesselError('CANCELLED'))
    expect(signal.reason).toMatchObject({ code: 'CANCELLED' })
    expect(untilCalledOff(given.signal).aborted).toBe(true)
  })
})
