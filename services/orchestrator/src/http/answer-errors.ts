import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { PROBLEM_CONTENT_TYPE } from '@vessel/proto/http/problem'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from './problem.ts'
import { pathOf } from './request-path.ts'
import { toVesselError } from './to-vessel-error.ts'

/** Every refusal and every fault leaves as a problem document, also those of Fastify itself. */
export function answerErrors(app: FastifyInstance): void {
  app.decorateRequest('problemCode', null)
  app.setErrorHandler((thrown, request, reply) => sendProblem(thrown, request, reply))
  app.setNotFoundHandler((request, reply) => {
    sendProblem(new VesselError('NOT_FOUND'), request, reply)
  })
}

export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = toVesselError(thrown)
  note(error, request)
  request.problemCode = error.code
  const problem = problemOf(error, { path: pathOf(request), traceId: request.id })
  if (error.retryAfterMs !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))))
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  reply.header('cache-control', 'no-store')
  void reply.code(problem.status).type(PROBLEM_CONTENT_TYPE).send(problem)
}

/** What the caller did wrong is no news here; the request's own line has its code. */
function note(error: VesselError, request: FastifyRequest): void {
  const facts = { code: error.code, err: error }
  if (error.kind === 'bug') request.log.error(facts, 'request failed by a bug')
  else if (error.kind === 'failed') request.log.error(facts, 'request failed')
  else if (error.kind === 'unavailable') request.log.warn(facts, 'request could not be served')
}

declare module 'fastify' {
  interface FastifyRequest {
    problemCode: ErrorCode | null
  }
}
