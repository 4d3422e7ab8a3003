import { VesselError } from '@vessel/proto/errors'
import type { FastifyInstance } from 'fastify'

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser names the page a request comes from, and only the dashboard's may change anything.
 * Programs name none; they hold a token, which a browser never adds by itself.
 */
export function checkOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const accepted = new Set(origins)
  app.addHook('onRequest', async (request) => {
    const { origin } = request.headers
    if (origin === undefined || CHANGES_NOTHING.has(request.method)) return
    if (!accepted.has(origin)) throw new VesselError('ORIGIN_REFUSED')
  })
}
