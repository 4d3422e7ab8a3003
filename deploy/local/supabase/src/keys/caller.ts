import { timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { Caller, Role } from '../db/database.ts'
import type { Keyring } from './keyring.ts'

const ROLES: readonly Role[] = ['anon', 'authenticated', 'service_role']

/** A token that is not ours, has run out, or names a role that nobody may take. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken'
  readonly isExpired: boolean

  constructor(message: string, options: { isExpired?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.isExpired = options.isExpired === true
  }
}

function isSame(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

function callerOf(role: Role, claims: Record<string, unknown>): Caller {
  return { role, claims, queueKey: `${role}:${String(claims.sub ?? '')}` }
}

/** The role of an API key, which is compared and not decoded: it may have come from outside. */
export function roleOfApiKey(keyring: Keyring, key: string): Role | null {
  if (isSame(key, keyring.anonKey)) return 'anon'
  if (isSame(key, keyring.serviceRoleKey)) return 'service_role'
  return null
}

/** Who holds this bearer token. Throws InvalidToken. */
export async function callerFromToken(keyring: Keyring, token: string): Promise<Caller> {
  const keyRole = roleOfApiKey(keyring, token)
  if (keyRole !== null) return callerOf(keyRole, { role: keyRole })
  try {
    const { payload } = await jwtVerify(token, keyring.publicKey, {
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'role'],
    })
    const role = ROLES.find((known) => known === payload.role)
    if (role === undefined) throw new InvalidToken('the token names an unknown role')
    return callerOf(role, payload)
  } catch (cause) {
    if (cause instanceof InvalidToken) throw cause
    if (cause instanceof errors.JWTExpired) {
      throw new InvalidToken('JWT expired', { isExpired: true, cause })
    }
    throw new InvalidToken('JWT is not valid', { cause })
  }
}

export function bearerOf(header: string | undefined): string | null {
  const match = /^bearer\s+(\S+)$/i.exec(header ?? '')
  return match?.[1] ?? null
}
