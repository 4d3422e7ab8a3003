import type { FastifyRequest } from 'fastify'
import { roleOfApiKey } from '../keys/caller.ts'
import type { Keyring } from '../keys/keyring.ts'
import { AuthError } from './auth-error.ts'

/** Every route but the public ones wants one of the two API keys, as behind Supabase's gateway. */
export function requireApiKey(request: FastifyRequest, keyring: Keyring): void {
  const query = request.query as Record<string, string | undefined>
  const key = request.headers.apikey ?? query.apikey
  if (typeof key === 'string' && roleOfApiKey(keyring, key) !== null) return
  throw new AuthError(401, 'no_authorization', 'No API key found in request')
}
