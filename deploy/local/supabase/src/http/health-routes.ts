import type { FastifyInstance } from 'fastify'
import type { Database } from '../db/database.ts'

export function healthRoutes({ database }: { database: Database }) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async () => ({ status: 'ok' }))
    app.get('/readyz', async (request, reply) => {
      try {
        await database.ping()
        return { status: 'ready', waiting: database.waiting }
      } catch (error) {
        request.log.warn({ err: error }, 'database not ready')
        return reply.code(503).send({ status: 'database not ready' })
      }
    })
  }
}
