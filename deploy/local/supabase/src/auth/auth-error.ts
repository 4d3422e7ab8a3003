/** A refusal in the words of GoTrue: `error_code` is the contract, `msg` is for people. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly errorCode: string

  constructor(status: number, errorCode: string, message: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }

  toBody(): Record<string, unknown> {
    return { code: this.status, error_code: this.errorCode, msg: this.message }
  }
}

/** Says what is wrong with a password, so that a form can help. */
class WeakPassword extends AuthError {
  readonly #reason: string

  constructor(reason: string, message: string) {
    super(422, 'weak_password', message)
    this.#reason = reason
  }

  override toBody(): Record<string, unknown> {
    return { ...super.toBody(), weak_password: { reasons: [this.#reason] } }
  }
}

export const authErrors = {
  invalidCredentials: () => new AuthError(400, 'invalid_credentials', 'Invalid login credentials'),
  emailExists: () =>
    new AuthError(
      422,
      'email_exists',
      'A user with this email address has already been registered',
    ),
  userExists: () => new AuthError(422, 'user_already_exists', 'User already registered'),
  userNotFound: () => new AuthError(404, 'user_not_found', 'User not found'),
  userBanned: () => new AuthError(400, 'user_banned', 'User is banned'),
  badJson: (message: string) => new AuthError(400, 'bad_json', message),
  invalid: (message: string) => new AuthError(400, 'validation_failed', message),
  invalidEmail: () =>
    new AuthError(400, 'validation_failed', 'Unable to validate email address: invalid format'),
  weakPassword: (reason: string, message: string) => new WeakPassword(reason, message),
  samePassword: () =>
    new AuthError(422, 'same_password', 'New password should be different from the old password.'),
  noAuthorization: () =>
    new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token'),
  badJwt: (message: string) => new AuthError(403, 'bad_jwt', message),
  notAdmin: () => new AuthError(403, 'not_admin', 'User not allowed'),
  sessionNotFound: () =>
    new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist'),
  refreshTokenNotFound: () =>
    new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found'),
  refreshTokenUsed: () =>
    new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used'),
  tooMany: () => new AuthError(429, 'over_request_rate_limit', 'Request rate limit reached'),
  unsupported: (what: string) =>
    new AuthError(
      501,
      'unexpected_failure',
      `the local Supabase stand-in does not support ${what}`,
    ),
} as const
