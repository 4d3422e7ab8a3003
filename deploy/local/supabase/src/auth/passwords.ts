import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { authErrors } from './auth-error.ts'

const KEY_BYTES = 32
/** About 30 ms on one core: dear for a guesser, not noticed at a login. */
const COST = { N: 16_384, r: 8, p: 1 } as const
export const PASSWORD_LENGTH_MIN = 6
/** GoTrue's limit, which is that of bcrypt. */
export const PASSWORD_BYTES_MAX = 72

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

export function checkStrength(password: string): void {
  if (password.length < PASSWORD_LENGTH_MIN) {
    throw authErrors.weakPassword(
      'length',
      `Password should be at least ${PASSWORD_LENGTH_MIN} characters.`,
    )
  }
  if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) {
    throw authErrors.invalid(`Password cannot be longer than ${PASSWORD_BYTES_MAX} characters`)
  }
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** Takes as long for an unknown user as for a known one, so that timing tells nothing. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt, key] = (stored ?? '').split('$')
  const expected = Buffer.from(key ?? '', 'base64url')
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'))
  return expected.length === derived.length && timingSafeEqual(expected, derived)
}
