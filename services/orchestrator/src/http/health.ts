import type { FastifyInstance } from 'fastify'
import type { Readiness } from '../ports.ts'

/**
 * What all copies lack at once. A load balancer that took them out for it would hide our own
 * answer, which says what is away and when to come again, and every open boot screen with it.
 */
const LACKED_BY_ALL: ReadonlySet<string> = new Set(['store'])

/** `/healthz`: the process answers. `/readyz`: it can work; names what is down, if anything. */
export function addHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const down = await readiness.check()
    const status = statusOf(down)
    return reply
      .code(status === 'unavailable' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ status, down })
  })
}

function statusOf(down: readonly string[]): 'ok' | 'degraded' | 'unavailable' {
  if (down.length === 0) return 'ok'
  return down.every((name) => LACKED_BY_ALL.has(name)) ? 'degraded' : 'unavailable'
}
