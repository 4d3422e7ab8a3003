import { describe, expect, it } from '@jest/globals'
import { statusOf } from './rest-error.ts'

describe('the status of a SQLSTATE', () => {
  it.each([
    ['23505', 409],
    ['23503', 409],
    ['23514', 400],
    ['22P02', 400],
    ['42P01', 404],
    ['42883', 404],
    ['42703', 400],
    ['25006', 405],
    ['57014', 500],
    ['40001', 500],
    ['53300', 503],
    ['P0001', 400],
    ['P0002', 500],
    ['PT404', 404],
    ['PT429', 429],
    ['PT999', 400],
    ['PT100', 400],
    ['XX000', 500],
  ])('%s is %i', (code, status) => {
    expect(statusOf(code, true)).toBe(status)
  })

  it('asks a stranger to sign in and tells others that they may not', () => {
    expect([statusOf('42501', false), statusOf('42501', true)]).toEqual([401, 403])
  })
})
