import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalSupabase } from '@vessel/local-supabase/start'
import { importJWK, type JWTPayload, SignJWT } from 'jose'

/** A token under the true key of the stand-in, with claims it would never give. */
export async function forge(supabase: LocalSupabase, claims: JWTPayload): Promise<string> {
  const keys = JSON.parse(await readFile(join(supabase.dataDir, 'keys.json'), 'utf8'))
  const { key_ops: _ops, use: _use, ...jwk } = keys.jwk
  return new SignJWT({
    iss: `${supabase.url}/auth/v1`,
    aud: 'authenticated',
    iat: Math.floor(Date.now() / 1_000),
    exp: Math.floor(Date.now() / 1_000) + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
    .sign(await importJWK(jwk, 'ES256'))
}
