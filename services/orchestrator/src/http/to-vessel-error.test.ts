import { describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { problem } from '@vessel/proto/http/problem'
import { problemOf } from './problem.ts'
import { toVesselError } from './to-vessel-error.ts'

const PLACE = { path: '/api/x', traceId: 'a'.repeat(32) }
const withFields = (fields: object) => Object.assign(new Error('inside'), fields)

describe('what is thrown while a request is answered', () => {
  it('stays what it is when it is ours', () => {
    const error = new VesselError('NAME_TAKEN')
    expect(toVesselError(error)).toBe(error)
  })

  it.each([
    [{ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, 'BODY_TOO_LARGE'],
    [{ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }, 'UNSUPPORTED_MEDIA'],
    [{ code: 'FST_ERR_CTP_EMPTY_JSON_BODY', statusCode: 400 }, 'BAD_REQUEST'],
    [{ code: 'FST_ERR_BAD_URL', statusCode: 400 }, 'BAD_REQUEST'],
    [{ code: 'ECONNRESET' }, 'BAD_REQUEST'],
    [{ name: 'TimeoutError' }, 'TIMEOUT'],
    [{ name: 'AbortError' }, 'CANCELLED'],
    [{ code: 'FST_ERR_RESPONSE_SERIALIZATION', statusCode: 500 }, 'INTERNAL'],
    [{ statusCode: 404 }, 'INTERNAL'],
    [{}, 'INTERNAL'],
  ])('%j is %s', (fields, code) => {
    expect(toVesselError(withFields(fields)).code).toBe(code)
  })

  it.each(['text', null, undefined, 7])('is a bug when it is no error: %j', (thrown) => {
    expect(toVesselError(thrown).kind).toBe('bug')
  })
})

describe('a problem document', () => {
  it('has what its reader can use', () => {
    const error = new VesselError('OVERLOADED', { detail: 'Four are running.', retryAfterMs: 5 })
    const document = problemOf(error, PLACE)
    expect(problem.parse(document)).toEqual(document)
    expect(document).toMatchObject({
      status: 503,
      code: 'OVERLOADED',
      detail: 'Four are running.',
      instance: '/api/x',
      retryAfterMs: 5,
    })
  })

  it('of a bug says nothing of the inside', () => {
    const document = problemOf(toVesselError(new Error('password is 123')), PLACE)
    expect(JSON.stringify(document)).not.toContain('123')
    expect(document.traceId).toBe(PLACE.traceId)
  })
})
