import type { FastifyInstance } from 'fastify'
import { pathOf, templateOf } from './request-path.ts'

/** Asked every few seconds by machines; nobody wants to read that. */
const QUIET = new Set(['/healthz', '/readyz'])

/** One line per request, when it was answered. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = templateOf(request)
    const facts = {
      method: request.method,
      route,
      path: pathOf(request),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      user: request.principal?.userId,
      code: request.problemCode ?? undefined,
    }
    if (QUIET.has(route)) request.log.debug(facts, 'request answered')
    else request.log.info(facts, 'request answered')
  })
}
