import { isAuthError, isAuthRetryableFetchError } from '@supabase/auth-js'

/** What the login service's error codes mean to a person. */
const WORDS: Readonly<Record<string, string>> = {
  invalid_credentials: 'Email or password is wrong.',
  email_not_confirmed: 'Confirm your email first: we sent you a link.',
  user_already_exists: 'There is an account with this email already. Log in instead.',
  email_exists: 'There is an account with this email already. Log in instead.',
  email_address_invalid: 'This email address is not valid.',
  email_address_not_authorized: 'This email address may not sign up here.',
  weak_password: 'This password is too easy to guess. Choose a longer one.',
  same_password: 'Choose a password you have not used before.',
  signup_disabled: 'Sign-up is closed here. Ask whoever runs this server.',
  user_banned: 'This account is blocked.',
  over_request_rate_limit: 'Too many tries. Wait a minute.',
  over_email_send_rate_limit: 'Too many mails were sent. Wait a few minutes.',
  otp_expired: 'This link has expired. Ask for a new one.',
}

/** One sentence for whatever the login service answered. */
export function authWords(error: unknown): string {
  if (isAuthRetryableFetchError(error)) {
    return 'The login service cannot be reached. Check your connection and try again.'
  }
  if (!isAuthError(error)) return 'Logging in did not work. Try again.'
  const known = error.code === undefined ? undefined : WORDS[error.code]
  if (known) return known
  if (error.status === 429) return 'Too many tries. Wait a minute.'
  return error.message.endsWith('.') ? error.message : `${error.message}.`
}
