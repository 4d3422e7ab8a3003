import type { FastifyInstance } from 'fastify'
import { Histogram, type Registry } from 'prom-client'
import { templateOf } from './request-path.ts'

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

/** How long requests take, by the template of their route: a path would be a label without end. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'vessel_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: templateOf(request),
      status: String(reply.statusCode),
    }
    duration.observe(labels, reply.elapsedTime / 1_000)
  })
}
