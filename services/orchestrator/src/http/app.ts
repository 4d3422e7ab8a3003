import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Account } from '../account/ports.ts'
import type { Hub } from '../hub/hub.ts'
import type { Admins } from '../live/admins.ts'
import type { Hosts, Readiness, Sessions, TokenVerifier } from '../ports.ts'
import type { Projects } from '../projects/ports.ts'
import { answerErrors, sendProblem } from './answer-errors.ts'
import { answerMalformed } from './answer-malformed.ts'
import { addBrowserRules } from './browser-rules.ts'
import { refuseWhileClosing } from './closing.ts'
import { addDocs } from './docs.ts'
import { addEtags } from './etag.ts'
import { addHealth } from './health.ts'
import { createAdmit, createIdentify } from './identify.ts'
import { createRateLimit } from './limit-rate.ts'
import { HEADERS_TIMEOUT_MS, PARAM_CHARS_MAX, REQUEST_TIMEOUT_MS } from './limits.ts'
import { measureRequests } from './metrics.ts'
import { checkOrigins } from './origins.ts'
import { refuseOtherMethods } from './refuse-methods.ts'
import { registerRoutes } from './register-routes.ts'
import { logRequests } from './request-log.ts'
import { addTrace, traceIdOf } from './trace.ts'

export interface HttpDeps {
  readonly sessions: Sessions
  readonly projects: Projects
  readonly hosts: Hosts
  readonly account: Account
  readonly tokens: TokenVerifier
  readonly admins: Admins
  readonly readiness: Readiness
  readonly hub: Pick<Hub, 'plugin' | 'connectionCount'>
  readonly registry: Registry
  /** Shares the counts of the rate limit. Null: each copy counts for itself. */
  readonly redis: Redis | null
  /** Exact origins of the pages that may call. */
  readonly dashboardOrigins: readonly string[]
  /** CIDRs of the proxies whose `X-Forwarded-*` are believed. */
  readonly trustedProxies: readonly string[]
  /** Whether the description is served at `/docs`. */
  readonly hasDocs: boolean
  /** Where the API is reached from outside; for its description only. */
  readonly publicUrl?: string
  readonly logger: Logger
  readonly limits: HttpLimits
}

export interface HttpLimits {
  readonly bodyBytesMax: number
  readonly importBytesMax: number
  readonly requestsPerMinuteMax: number
}

/** The whole HTTP face; the caller listens and closes. */
export async function createHttpApp(deps: HttpDeps): Promise<FastifyInstance> {
  const app = createServer(deps)
  answerErrors(app)
  addTrace(app)
  logRequests(app)
  measureRequests(app, deps.registry)
  refuseWhileClosing(app)
  addEtags(app)
  await addBrowserRules(app, deps.dashboardOrigins)
  checkOrigins(app, deps.dashboardOrigins)

  const identify = createIdentify(app, deps.tokens)
  const { requestsPerMinuteMax } = deps.limits
  const limitRate = await createRateLimit(app, { redis: deps.redis, requestsPerMinuteMax })
  if (deps.hasDocs) await addDocs(app, deps.publicUrl)
  addHealth(app, deps.readiness)
  registerRoutes(app, { identify, limitRate, admit: createAdmit(deps.admins) }, deps)
  refuseOtherMethods(app)
  await app.register(deps.hub.plugin)
  await app.ready()
  return app
}

function createServer({ logger, trustedProxies, limits }: HttpDeps): FastifyInstance {
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'traceId',
    }),
    requestIdHeader: false,
    genReqId: traceIdOf,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: answerMalformed,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  return app
}
