import { describe, expect, it } from '@jest/globals'
import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import { NetworkError } from './network-error.ts'
import { isCode, wordsFor } from './problem-words.ts'

describe('what an error says to people', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('%s has words', (code) => {
    expect(wordsFor(new VesselError(code)).title).toBe(ERRORS[code].title)
  })

  it('names the field that is wrong', () => {
    const issues = [{ path: 'settings.spec.memoryMib', message: 'too small' }]
    expect(wordsFor(new VesselError('VALIDATION', { issues })).hint).toBe('Memory: too small')
  })

  it('offers to try again what may pass, and not what will not', () => {
    expect(wordsFor(new VesselError('STORE_DOWN')).isRetryable).toBe(true)
    expect(wordsFor(new VesselError('NAME_TAKEN')).isRetryable).toBe(false)
    expect(wordsFor(new NetworkError({ cause: null })).isRetryable).toBe(true)
  })

  it('shows nothing of what was thrown by accident', () => {
    expect(wordsFor(new TypeError('x is undefined')).title).toBe(ERRORS.INTERNAL.title)
  })

  it('is told apart by its code', () => {
    expect(isCode(new VesselError('FORBIDDEN'), 'FORBIDDEN')).toBe(true)
    expect(isCode(new Error('FORBIDDEN'), 'FORBIDDEN')).toBe(false)
  })
})
