import { VesselError } from '@vessel/proto/errors'
import type { RestRoute } from '@vessel/proto/http/routes'
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Admins } from '../live/admins.ts'
import type { Principal, TokenVerifier } from '../ports.ts'
import { toVesselError } from './to-vessel-error.ts'

const BEARER = /^Bearer ([\w.~+/-]+=*)$/i
/** Tokens of Supabase have some 1 to 2 KiB. */
const HEADER_CHARS_MAX = 8_192

/** Finds out who asks. A fault is kept until the rate was counted, so that it costs as well. */
export function createIdentify(
  app: FastifyInstance,
  tokens: TokenVerifier,
): onRequestAsyncHookHandler {
  app.decorateRequest('principal', null)
  app.decorateRequest('identityFault', null)
  return async (request) => {
    try {
      request.principal = await tokens.verify(tokenOf(request))
    } catch (thrown) {
      request.identityFault = toVesselError(thrown)
    }
  }
}

type Guarded = Pick<RestRoute, 'isAdmin' | 'isPersonal'>
export type Admit = (route: Guarded) => onRequestAsyncHookHandler

/**
 * Refuses who is nobody; on administrators' routes everybody else, on personal ones scripts. The
 * role in a token may be an hour old, so whose says administrator is asked for anew.
 */
export function createAdmit(admins: Admins): Admit {
  return (route) => async (request) => {
    const { userId, isAdmin, isScript } = principalOf(request)
    if (route.isPersonal && isScript) throw new VesselError('FORBIDDEN')
    if (!route.isAdmin) return
    if (!isAdmin || !(await admins.isAdmin(userId))) throw new VesselError('FORBIDDEN')
  }
}

export function principalOf(request: FastifyRequest): Principal {
  if (request.principal) return request.principal
  throw request.identityFault ?? new VesselError('UNAUTHENTICATED')
}

/** Never a cookie: a browser would add that to a request of any page. */
function tokenOf(request: FastifyRequest): string {
  const { authorization } = request.headers
  if (authorization === undefined || authorization.length > HEADER_CHARS_MAX) {
    throw new VesselError('UNAUTHENTICATED')
  }
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new VesselError('UNAUTHENTICATED')
  return token
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
    identityFault: VesselError | null
  }
}
