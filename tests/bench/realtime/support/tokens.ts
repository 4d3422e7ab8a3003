import { createTokenVerifier } from '@vessel/orchestrator/testing/tokens'
import type { UserId } from '@vessel/proto/ids'
import { SignJWT } from 'jose'

interface User {
  readonly userId: UserId
  readonly name: string
  readonly isAdmin: boolean
  readonly loginId: string | null
  readonly expiresAtMs: number
}

const SUPABASE = 'http://supabase.test'
const SECRET = 'a secret for benchmarks, shared by all of their processes'
const key = new TextEncoder().encode(SECRET)

/** A login as Supabase Auth gives it. Every stack checks it, with the product's own check. */
export function signToken(userId: string): Promise<string> {
  return new SignJWT({ email: `${userId}@example.test` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuer(`${SUPABASE}/auth/v1`)
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key)
}

const verifier = createTokenVerifier({
  supabaseUrl: SUPABASE,
  sharedSecret: SECRET,
  tokenLifeMs: 3_600_000,
})

export function verifyToken(token: string): Promise<User> {
  return verifier.verify(token)
}
