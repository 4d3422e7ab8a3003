import { Readable } from 'node:stream'
import { PROBLEM_CONTENT_TYPE, problem } from '@vessel/proto/http/problem'
import { REST_ROUTES, type RestRoute, type RouteName } from '@vessel/proto/http/routes'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
  RouteOptions,
} from 'fastify'
import { z } from 'zod'
import { clientSignal } from './client-signal.ts'
import { SECURITY_SCHEME } from './docs.ts'
import { HANDLERS } from './handlers.ts'
import { type Admit, principalOf } from './identify.ts'
import { PARAMS } from './params.ts'
import { problemStatuses } from './problem-statuses.ts'
import type { Call, Handler, RouteDeps } from './route.ts'
import { checkStorableText } from './storable-text.ts'
import { acceptUploads, chunksOf } from './uploads.ts'

export interface Guards {
  readonly identify: onRequestAsyncHookHandler
  readonly limitRate: onRequestHookHandler
  readonly admit: Admit
}

const KEY_HEADER = 'idempotency-key'
/** Loose: what is checked takes the place of the headers, and the others must live on. */
const KEY_HEADERS = z.looseObject({
  [KEY_HEADER]: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'up to 200 printable characters')
    .optional()
    .describe('Of your making. The same key again gives the first answer and makes nothing new.'),
})

/** Routes whose body is a file, not JSON. */
const UPLOADS: ReadonlySet<RouteName> = new Set(['importProject'])

/** Puts every route of the contract on the server, each with the schemas of the contract. */
export function registerRoutes(app: FastifyInstance, guards: Guards, deps: RouteDeps): void {
  const names = Object.keys(REST_ROUTES) as RouteName[]
  for (const name of names.filter((name) => !UPLOADS.has(name))) {
    app.route(optionsOf(name, guards, deps))
  }
  app.register(async (scope) => {
    acceptUploads(scope)
    for (const name of UPLOADS) scope.route(optionsOf(name, guards, deps))
  })
}

function optionsOf(name: RouteName, guards: Guards, deps: RouteDeps): RouteOptions {
  const route: RestRoute = REST_ROUTES[name]
  const handle = HANDLERS[name] as Handler<RouteName>
  return {
    method: route.method,
    url: route.path,
    schema: schemaOf(name, route),
    onRequest: [guards.identify, guards.limitRate, guards.admit(route)],
    preValidation: async (request) => {
      // No body at all is an empty one, so that the answer names the fields that are missing.
      if (route.body && request.body === undefined) request.body = {}
      const { query, body } = request
      checkStorableText({ query, body: route.body ? body : undefined })
    },
    handler: async (request, reply) => {
      const { status, body } = await handle(callOf(request, reply), deps)
      return reply.code(status).header('cache-control', 'no-store').send(body)
    },
  }
}

function callOf(request: FastifyRequest, reply: FastifyReply): Call<RouteName> {
  const parts = {
    principal: principalOf(request),
    params: request.params,
    key: request.headers[KEY_HEADER] ?? null,
    query: request.query,
    body: request.body,
    upload: request.body instanceof Readable ? chunksOf(request.body) : null,
    traceparent: request.traceparent,
    signal: clientSignal(reply.raw),
  }
  // Its parts were parsed by the schemas this type is made of.
  return parts as Call<RouteName>
}

function schemaOf(name: RouteName, route: RestRoute) {
  const problems = problemStatuses(name, route).map((status) => [
    status,
    { description: 'A problem.', content: { [PROBLEM_CONTENT_TYPE]: { schema: problem } } },
  ])
  const replies = Object.entries(route.replies).map(([status, schema]) => [
    status,
    { description: route.summary, content: { 'application/json': { schema } } },
  ])
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(route)],
    security: [{ [SECURITY_SCHEME]: [] }],
    params: PARAMS[name],
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.isKeyed ? { headers: KEY_HEADERS } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(UPLOADS.has(name) ? { consumes: ['application/zip'] } : {}),
    response: Object.fromEntries([...replies, ...unchanged(route), ...problems]),
  }
}

/** What a reader gets who holds the newest answer already. */
function unchanged({ method }: RestRoute) {
  return method === 'GET' ? [['304', z.null().describe('As you have it.')]] : []
}

function tagOf({ path }: RestRoute): string {
  if (path.startsWith('/api/admin')) return 'admin'
  if (path.startsWith('/api/account')) return 'account'
  return /^\/api\/(projects|import)/.test(path) ? 'projects' : 'sessions'
}
