import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import { VesselError } from '@vessel/proto/errors'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import type { Redis } from 'ioredis'

const WINDOW_MS = 60_000

export interface RateLimits {
  readonly redis: Redis | null
  readonly requestsPerMinuteMax: number
}

/**
 * Counts the requests of each user, or of each address while nobody is known. The count is shared
 * by all copies; without the cache nobody is counted, because an answer is worth more than a limit.
 */
export async function createRateLimit(
  app: FastifyInstance,
  { redis, requestsPerMinuteMax }: RateLimits,
): Promise<onRequestHookHandler> {
  await app.register(rateLimit, {
    global: false,
    max: requestsPerMinuteMax,
    timeWindow: WINDOW_MS,
    enableDraftSpec: true,
    skipOnError: true,
    nameSpace: 'vessel:rate:',
    ...(redis ? { redis } : {}),
    keyGenerator: ({ principal, ip }) =>
      principal ? `user:${principal.userId}` : `ip:${normalizeIP(ip)}`,
    errorResponseBuilder: (_request, { ttl }) =>
      new VesselError('RATE_LIMITED', { retryAfterMs: Math.max(1, ttl) }),
  })
  return app.rateLimit() as onRequestHookHandler
}
