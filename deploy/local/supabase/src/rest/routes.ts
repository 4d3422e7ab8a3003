import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../db/database.ts'
import { DatabaseUnavailable } from '../db/pg-error.ts'
import { bearerOf, callerFromToken, InvalidToken, roleOfApiKey } from '../keys/caller.ts'
import type { Keyring } from '../keys/keyring.ts'
import { type RestAnswer, refuseOtherTypes } from './answer.ts'
import { notSupported, RestError } from './rest-error.ts'
import type { RestRequest, RestService, TableVerb } from './rest-service.ts'

/** Rows of one insert: a page of JSON, not an import. */
const BODY_BYTES_MAX = 10 * 1024 * 1024

export interface RestRoutesDeps {
  readonly service: RestService
  readonly keyring: Keyring
}

async function callerOf(request: FastifyRequest, keyring: Keyring): Promise<Caller> {
  const query = request.query as Record<string, string | undefined>
  const key = request.headers.apikey ?? query.apikey
  if (typeof key !== 'string' || roleOfApiKey(keyring, key) === null) {
    throw new RestError(401, {
      code: 'PGRST301',
      message: key === undefined ? 'No API key found in request' : 'Invalid API key',
    })
  }
  return callerFromToken(keyring, bearerOf(request.headers.authorization) ?? key)
}

function searchOf(request: FastifyRequest): URLSearchParams {
  const at = request.url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1))
}

function send(reply: FastifyReply, answer: RestAnswer, isHead: boolean): FastifyReply {
  reply.code(answer.status).headers({ ...answer.headers })
  return answer.body === '' || isHead ? reply.send() : reply.send(answer.body)
}

function sendProblem(reply: FastifyReply, error: RestError): FastifyReply {
  return reply
    .code(error.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(error.problem))
}

function fromToken(error: InvalidToken): RestError {
  const code = error.isExpired ? 'PGRST303' : 'PGRST301'
  return new RestError(401, { code, message: error.message })
}

/** PostgREST's own code for a database that cannot be reached in time. */
function fromUnavailable(error: DatabaseUnavailable): RestError {
  const code = error.code === 'queue-full' ? 'PGRST003' : 'PGRST002'
  return new RestError(503, { code, message: error.message })
}

function refuseOtherSchemas(request: FastifyRequest): void {
  for (const name of ['accept-profile', 'content-profile']) {
    const schema = request.headers[name]
    if (schema === undefined || schema === 'public') continue
    throw new RestError(406, {
      code: 'PGRST106',
      message: `The schema must be one of the following: public`,
    })
  }
}

const VERBS: Readonly<Record<string, TableVerb>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'insert',
  PATCH: 'update',
  DELETE: 'delete',
}

/** PostgREST's surface below `/rest/v1`. */
export function restRoutes(deps: RestRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    const options = { parseAs: 'string', bodyLimit: BODY_BYTES_MAX } as const
    app.addContentTypeParser('*', options, (_request, body, done) => done(null, body))

    app.setNotFoundHandler((request, reply) =>
      sendProblem(reply, notSupported(`${request.method} ${request.url.split('?')[0]}`)),
    )

    app.setErrorHandler(async (error, request, reply) => {
      if (error instanceof RestError) return sendProblem(reply, error)
      if (error instanceof InvalidToken) return sendProblem(reply, fromToken(error))
      if (error instanceof DatabaseUnavailable) return sendProblem(reply, fromUnavailable(error))
      const status = (error as { statusCode?: number }).statusCode ?? 500
      if (status >= 500) request.log.error({ err: error }, 'rest request failed')
      const message = status >= 500 ? 'internal error' : (error as Error).message
      return sendProblem(reply, new RestError(status, { code: 'PGRST000', message }))
    })

    const read = async (request: FastifyRequest): Promise<RestRequest> => {
      refuseOtherSchemas(request)
      refuseOtherTypes(request.headers.accept)
      return {
        caller: await callerOf(request, deps.keyring),
        search: searchOf(request),
        body: typeof request.body === 'string' ? request.body : '',
        headers: {
          accept: request.headers.accept,
          prefer: request.headers.prefer as string | undefined,
          range: request.headers.range,
        },
      }
    }

    app.get('/', async () => {
      throw notSupported('the OpenAPI description at /rest/v1/')
    })

    app.route<{ Params: { relation: string } }>({
      method: Object.keys(VERBS),
      url: '/:relation',
      handler: async (request, reply) => {
        const verb = VERBS[request.method] ?? 'read'
        const answer = await deps.service.onTable(
          verb,
          request.params.relation,
          await read(request),
        )
        return send(reply, answer, request.method === 'HEAD')
      },
    })

    app.route<{ Params: { name: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: '/rpc/:name',
      handler: async (request, reply) => {
        const method = request.method === 'POST' ? 'POST' : 'GET'
        const { name } = request.params
        const answer = await deps.service.onFunction(method, name, await read(request))
        return send(reply, answer, request.method === 'HEAD')
      },
    })
  }
}
