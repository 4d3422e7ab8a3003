import type { FastifyRequest } from 'fastify'
import type { Caller } from '../db/database.ts'
import { bearerOf, callerFromToken } from '../keys/caller.ts'
import type { Keyring } from '../keys/keyring.ts'
import { authErrors } from './auth-error.ts'

export async function bearerCaller(request: FastifyRequest, keyring: Keyring): Promise<Caller> {
  const token = bearerOf(request.headers.authorization)
  if (token === null) throw authErrors.noAuthorization()
  return callerFromToken(keyring, token)
}
