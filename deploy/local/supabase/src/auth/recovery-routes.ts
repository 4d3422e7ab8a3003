import type { FastifyInstance } from 'fastify'
import type { Keyring } from '../keys/keyring.ts'
import { requireApiKey } from './api-key.ts'
import { AuthError } from './auth-error.ts'
import type { AuthService, JsonObject } from './auth-service.ts'
import { parseBody, recoverBody, verifyBody } from './bodies.ts'
import { deviceOf } from './device.ts'
import { type RecoveryService, requireRecovery } from './recovery-service.ts'
import { canonicalEmail } from './user.ts'

export interface RecoveryRoutesDeps {
  readonly service: AuthService
  readonly recovery: RecoveryService
  readonly keyring: Keyring
}

interface VerifyQuery {
  token?: string
  type?: string
  redirect_to?: string
}

/** What the page at the end of a link gets, behind `#`, where no server log sees it. */
function fragmentOf(session: JsonObject): string {
  const names = ['access_token', 'expires_at', 'expires_in', 'refresh_token', 'token_type']
  const pairs = names.map((name): [string, string] => [name, String(session[name])])
  return new URLSearchParams([...pairs, ['type', 'recovery']]).toString()
}

export function recoveryRoutes({ service, recovery, keyring }: RecoveryRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Querystring: { redirect_to?: string } }>('/recover', async (request) => {
      requireApiKey(request, keyring)
      const email = canonicalEmail(parseBody(recoverBody, request.body).email)
      const link = await recovery.createLink(email, request.query.redirect_to)
      // There is no mail on one machine: whoever runs it finds the link here.
      if (link !== null) request.log.info({ link }, 'password recovery link')
      return {}
    })

    app.post('/verify', async (request) => {
      requireApiKey(request, keyring)
      const { type, token_hash, token } = parseBody(verifyBody, request.body)
      requireRecovery(type)
      const user = await recovery.redeem(token_hash ?? token ?? '')
      return service.openSession(user, deviceOf(request))
    })

    app.get<{ Querystring: VerifyQuery }>('/verify', async (request, reply) => {
      const { token = '', type = '', redirect_to: redirectTo } = request.query
      requireRecovery(type)
      const page = recovery.safeRedirect(redirectTo)
      try {
        const user = await recovery.redeem(token)
        const session = await service.openSession(user, deviceOf(request))
        return reply.redirect(`${page}#${fragmentOf(session)}`, 303)
      } catch (error) {
        if (!(error instanceof AuthError)) throw error
        const problem = { error_code: error.errorCode, error_description: error.message }
        return reply.redirect(`${page}#${new URLSearchParams(problem).toString()}`, 303)
      }
    })
  }
}
