import { VesselError } from '@vessel/proto/errors'
import { userId, visitorId } from '@vessel/proto/ids'
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Principal, TokenVerifier } from '../ports.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'

/** Clocks of two machines differ. */
const CLOCK_TOLERANCE_S = 10
const NAME_CHARS_MAX = 80
const AUDIENCE = 'authenticated'

export interface TokenOptions {
  readonly supabaseUrl: string
  /** For projects that still sign with a shared secret (HS256). */
  readonly sharedSecret?: string | undefined
  /** A token is good for no longer than this after it was given, whatever it says itself. */
  readonly tokenLifeMs: number
}

const claims = z.object({
  sub: userId,
  exp: z.number(),
  iat: z.number(),
  session_id: visitorId.optional().catch(undefined),
  email: z.string().optional(),
  user_metadata: z.object({ name: z.string().optional() }).optional().catch(undefined),
  app_metadata: z.object({ role: z.string().optional() }).optional().catch(undefined),
})

/** Checks tokens of Supabase Auth here, with its keys held in memory. */
export function createTokenVerifier(options: TokenOptions): TokenVerifier {
  const authUrl = new URL('auth/v1', withSlash(options.supabaseUrl)).href
  const keys = createSigningKeys(new URL(`${authUrl}/.well-known/jwks.json`))
  const secret = options.sharedSecret ? new TextEncoder().encode(options.sharedSecret) : null
  const expected = {
    issuer: authUrl,
    audience: AUDIENCE,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['sub', 'exp', 'iat'],
  }

  const check = async (token: string): Promise<JWTPayload> => {
    if (algorithmOf(token) === 'HS256') {
      if (!secret) throw new VesselError('UNAUTHENTICATED')
      return (await jwtVerify(token, secret, { ...expected, algorithms: ['HS256'] })).payload
    }
    const key = await keys.get()
    return (await jwtVerify(token, key, { ...expected, algorithms: ['ES256', 'RS256'] })).payload
  }

  return {
    async verify(token) {
      try {
        return principalOf(await check(token), options.tokenLifeMs)
      } catch (thrown) {
        throw refusalOf(thrown, keys)
      }
    },
  }
}

function principalOf(payload: JWTPayload, tokenLifeMs: number): Principal {
  const { sub, exp, iat, session_id, email, ...metadata } = claims.parse(payload)
  const { user_metadata, app_metadata } = metadata
  const expiresAtMs = Math.min(exp * 1_000, iat * 1_000 + tokenLifeMs)
  if (expiresAtMs + CLOCK_TOLERANCE_S * 1_000 <= Date.now()) throw new VesselError('TOKEN_EXPIRED')
  const name = user_metadata?.name?.trim() || email || 'Someone'
  return {
    userId: sub,
    name: name.slice(0, NAME_CHARS_MAX),
    isAdmin: app_metadata?.role === 'admin',
    isScript: false,
    loginId: session_id ?? null,
    visitor: session_id ?? null,
    expiresAtMs,
  }
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg
  } catch (cause) {
    throw new VesselError('UNAUTHENTICATED', { cause })
  }
}

function refusalOf(thrown: unknown, keys: SigningKeys): VesselError {
  if (thrown instanceof VesselError) return thrown
  if (thrown instanceof errors.JWTExpired) return new VesselError('TOKEN_EXPIRED')
  if (keys.isFetchFault(thrown)) {
    return new VesselError('AUTH_DOWN', { cause: thrown, retryAfterMs: 2_000 })
  }
  return new VesselError('UNAUTHENTICATED', { cause: thrown })
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
