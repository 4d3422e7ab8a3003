import { describe, expect, it } from '@jest/globals'
import { AuthApiError, AuthRetryableFetchError } from '@supabase/auth-js'
import { authWords } from './auth-words.ts'

describe('what a failed login says', () => {
  it('never tells whether it was the email or the password', () => {
    const error = new AuthApiError('Invalid login credentials', 400, 'invalid_credentials')
    expect(authWords(error)).toBe('Email or password is wrong.')
  })

  it('tells a service that is away from a refusal', () => {
    expect(authWords(new AuthRetryableFetchError('', 0))).toContain('cannot be reached')
  })

  it('asks to wait after too many tries', () => {
    expect(authWords(new AuthApiError('slow down', 429, undefined))).toContain('Wait')
  })

  it('passes on in a sentence what it does not know', () => {
    expect(authWords(new AuthApiError('Signup is by invitation', 422, 'x'))).toBe(
      'Signup is by invitation.',
    )
    expect(authWords(new TypeError('bug'))).toBe('Logging in did not work. Try again.')
  })
})
