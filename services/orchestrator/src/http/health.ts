import type { FastifyInstance } from 'fastify'
import type { Readiness } from '../ports.ts'

/** A prober gives up by then, and a copy that cannot tell is not ready. */
const CHECK_TIMEOUT_MS = 3_000

/** `/healthz`: the process answers. `/readyz`: it can work; else the names of what is down. */
export function addHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const down = await whatIsDown(readiness)
    const status = down.length === 0 ? 'ok' : 'unavailable'
    return reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, down })
  })
}

async function whatIsDown(readiness: Readiness): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((resolve) => {
    setTimeout(resolve, CHECK_TIMEOUT_MS, ['readiness']).unref()
  })
  return Promise.race([readiness.check(), late])
}
