import type { FastifyInstance } from 'fastify'

const METHODS = 'GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS'
/** A browser's JavaScript may read only these of our headers. */
const EXPOSED = [
  'content-range',
  'content-encoding',
  'content-length',
  'accept-ranges',
  'etag',
  'location',
  'link',
  'retry-after',
  'x-total-count',
  'x-supabase-api-version',
  'upload-offset',
  'upload-length',
  'upload-expires',
  'upload-metadata',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-max-size',
].join(',')
const MAX_AGE_S = 3_600

/** Supabase lets every origin call it: what protects a row is the token, not the page. */
export function registerCors(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  const isOpen = allowedOrigins.includes('*')
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    const isAllowed = isOpen || (origin !== undefined && allowedOrigins.includes(origin))
    if (isAllowed) {
      reply.header('access-control-allow-origin', isOpen ? '*' : origin)
      reply.header('access-control-expose-headers', EXPOSED)
    }
    if (!isOpen) reply.header('vary', 'origin')
    const isPreflight = request.headers['access-control-request-method'] !== undefined
    if (request.method !== 'OPTIONS' || !isPreflight) return undefined
    if (isAllowed) {
      reply.header('access-control-allow-methods', METHODS)
      reply.header(
        'access-control-allow-headers',
        request.headers['access-control-request-headers'] ?? '*',
      )
      reply.header('access-control-max-age', MAX_AGE_S)
    }
    return reply.code(204).send()
  })
}
