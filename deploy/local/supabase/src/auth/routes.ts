import type { FastifyInstance, FastifyReply } from 'fastify'
import { DatabaseUnavailable } from '../db/pg-error.ts'
import { InvalidToken } from '../keys/caller.ts'
import type { Keyring } from '../keys/keyring.ts'
import { adminRoutes } from './admin-routes.ts'
import type { AdminService } from './admin-service.ts'
import { requireApiKey } from './api-key.ts'
import { AuthError, authErrors } from './auth-error.ts'
import type { AuthService } from './auth-service.ts'
import { bearerCaller } from './bearer-caller.ts'
import {
  parseBody,
  passwordGrantBody,
  refreshGrantBody,
  signUpBody,
  userChangeBody,
} from './bodies.ts'
import { deviceOf } from './device.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import type { RecoveryService } from './recovery-service.ts'
import { userBody } from './user.ts'

const BODY_BYTES_MAX = 256 * 1024

export interface AuthRoutesDeps {
  readonly service: AuthService
  readonly admin: AdminService
  readonly keyring: Keyring
  readonly recovery: RecoveryService
}

function sendError(reply: FastifyReply, error: AuthError): FastifyReply {
  return reply.code(error.status).send(error.toBody())
}

const SETTINGS = {
  external: { email: true, phone: false, anonymous_users: false },
  disable_signup: false,
  mailer_autoconfirm: true,
  phone_autoconfirm: false,
  sms_provider: '',
  saml_enabled: false,
}

function registerOpen(app: FastifyInstance, deps: AuthRoutesDeps): void {
  app.get('/health', async () => ({
    version: 'vessel-local',
    name: 'GoTrue',
    description: 'Vessel local stand-in for Supabase Auth',
  }))
  app.get('/.well-known/jwks.json', async () => ({ keys: [deps.keyring.publicJwk] }))
  app.get('/settings', async (request) => {
    requireApiKey(request, deps.keyring)
    return SETTINGS
  })
}

function registerGrants(app: FastifyInstance, { service, keyring }: AuthRoutesDeps): void {
  app.post('/signup', async (request) => {
    requireApiKey(request, keyring)
    const { email, password, data } = parseBody(signUpBody, request.body)
    return service.signUp({ email, password, data: data ?? {} }, deviceOf(request))
  })

  app.post<{ Querystring: { grant_type?: string } }>('/token', async (request) => {
    requireApiKey(request, keyring)
    const grant = request.query.grant_type
    if (grant === 'password') {
      return service.signIn(parseBody(passwordGrantBody, request.body), deviceOf(request))
    }
    if (grant === 'refresh_token') {
      return service.refresh(parseBody(refreshGrantBody, request.body).refresh_token)
    }
    throw authErrors.unsupported(`the grant type "${String(grant).slice(0, 50)}"`)
  })
}

function registerUser(app: FastifyInstance, deps: AuthRoutesDeps): void {
  const { service, keyring } = deps
  app.get('/user', async (request) =>
    userBody(await service.currentUser(await bearerCaller(request, keyring))),
  )
  app.put('/user', async (request) => {
    const caller = await bearerCaller(request, keyring)
    return service.changeCurrentUser(caller, parseBody(userChangeBody, request.body))
  })
  app.post<{ Querystring: { scope?: string } }>('/logout', async (request, reply) => {
    const asked = request.query.scope ?? 'global'
    const scope = (['global', 'local', 'others'] as const).find((known) => known === asked)
    if (scope === undefined) throw authErrors.invalid(`Unsupported logout scope "${asked}"`)
    await service.signOut(await bearerCaller(request, keyring), scope)
    return reply.code(204).send()
  })
}

/** GoTrue's surface below `/auth/v1`. */
export function authRoutes(deps: AuthRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    const options = { parseAs: 'string', bodyLimit: BODY_BYTES_MAX } as const
    app.addContentTypeParser('*', options, (_request, body, done) => {
      try {
        done(null, String(body) === '' ? {} : JSON.parse(String(body)))
      } catch {
        done(authErrors.badJson('Could not parse request body as JSON'))
      }
    })
    app.setNotFoundHandler((request, reply) =>
      sendError(reply, authErrors.unsupported(`${request.method} ${request.url.split('?')[0]}`)),
    )
    app.setErrorHandler(async (error, request, reply) => {
      if (error instanceof AuthError) return sendError(reply, error)
      if (error instanceof InvalidToken) return sendError(reply, authErrors.badJwt(error.message))
      if (error instanceof DatabaseUnavailable) {
        return sendError(reply, new AuthError(503, 'unexpected_failure', error.message))
      }
      const status = (error as { statusCode?: number }).statusCode ?? 500
      if (status >= 500) request.log.error({ err: error }, 'auth request failed')
      const message = status >= 500 ? 'Internal Server Error' : (error as Error).message
      return sendError(reply, new AuthError(status, 'unexpected_failure', message))
    })
    registerOpen(app, deps)
    registerGrants(app, deps)
    registerUser(app, deps)
    await app.register(recoveryRoutes(deps))
    await app.register(adminRoutes(deps), { prefix: '/admin' })
  }
}
