import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const PREFLIGHT_S = 600

/** What browsers are told: who may read the answers, and that no answer is a page. */
export async function addBrowserRules(
  app: FastifyInstance,
  dashboardOrigins: readonly string[],
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
  })
  await app.register(cors, {
    origin: [...dashboardOrigins],
    credentials: false,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'traceparent',
      'if-none-match',
      'idempotency-key',
    ],
    exposedHeaders: [
      'traceparent',
      'etag',
      'retry-after',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
    ],
    maxAge: PREFLIGHT_S,
    strictPreflight: false,
  })
}
