import { describe, expect, it } from '@jest/globals'
import { stop } from '../src/commands/stop.ts'
import { VesselError } from '../src/errors.ts'
import { MESSAGE_BYTES_MAX, parseJson, parseValue } from '../src/parse.ts'

function thrownBy(work: () => unknown): VesselError {
  try {
    work()
  } catch (error) {
    if (error instanceof VesselError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('parseValue', () => {
  it('names the path of every fault', () => {
    const error = thrownBy(() =>
      parseValue(stop.request, { opId: 'x', session: 7, epoch: 0, mode: 'save', reason: 'idle' }),
    )
    expect(error.code).toBe('VALIDATION')
    expect(error.issues?.map((issue) => issue.path)).toEqual(['opId', 'session', 'epoch'])
  })

  it('refuses a missing field by its name', () => {
    const error = thrownBy(() => parseValue(stop.request, {}))
    expect(error.issues?.map((issue) => issue.path)).toContain('mode')
  })
})

describe('parseJson', () => {
  it('calls text that is not JSON a bad request', () => {
    expect(thrownBy(() => parseJson(stop.request, '{"opId":')).code).toBe('BAD_REQUEST')
  })

  it('refuses a message above the size limit before reading it', () => {
    const huge = ' '.repeat(MESSAGE_BYTES_MAX + 1)
    expect(thrownBy(() => parseJson(stop.request, huge)).code).toBe('BODY_TOO_LARGE')
  })
})

describe('VesselError', () => {
  it('crosses a process without losing its code, detail or faults', () => {
    const sent = thrownBy(() => parseValue(stop.request, {}))
    const received = VesselError.fromShape(JSON.parse(JSON.stringify(sent.toShape())))
    expect(received.toShape()).toEqual(sent.toShape())
  })

  it('takes something thrown that is not ours for a bug, keeping the cause', () => {
    const cause = new TypeError('x is not a function')
    const error = VesselError.from(cause)
    expect([error.code, error.kind, error.cause]).toEqual(['INTERNAL', 'bug', cause])
  })
})
