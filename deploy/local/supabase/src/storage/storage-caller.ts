import type { FastifyRequest } from 'fastify'
import type { Caller } from '../db/database.ts'
import { bearerOf, callerFromToken, InvalidToken } from '../keys/caller.ts'
import type { Keyring } from '../keys/keyring.ts'
import { storageErrors } from './storage-error.ts'

/** Storage wants a bearer token; a client with only an API key sends that as one. */
export async function storageCaller(request: FastifyRequest, keyring: Keyring): Promise<Caller> {
  const { apikey } = request.headers
  const token =
    bearerOf(request.headers.authorization) ?? (typeof apikey === 'string' ? apikey : null)
  if (token === null) throw storageErrors.noToken()
  try {
    return await callerFromToken(keyring, token)
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error
    throw storageErrors.invalidJwt(
      error.isExpired ? '"exp" claim timestamp check failed' : 'signature verification failed',
    )
  }
}

export interface KeyParams {
  bucket: string
  '*': string
}

export function keyOf(params: KeyParams): { bucket: string; name: string } {
  return { bucket: params.bucket, name: params['*'] }
}
