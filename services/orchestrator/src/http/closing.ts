import { VesselError } from '@vessel/proto/errors'
import type { FastifyInstance } from 'fastify'
import { templateOf } from './request-path.ts'

const RETRY_AFTER_MS = 1_000
const STILL_ANSWERED = new Set(['/healthz', '/readyz'])

/** While sockets drain, a request is sent to another copy; probes are told why. */
export function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async (request) => {
    if (!isClosing || STILL_ANSWERED.has(templateOf(request))) return
    throw new VesselError('SHUTTING_DOWN', { retryAfterMs: RETRY_AFTER_MS })
  })
}
