import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed']

/** In this scope a body is a file, handed on as it comes; whoever reads it limits it. */
export function acceptUploads(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(ZIP_TYPES, (_request, payload, done) => done(null, payload))
  // A browser reads no answer before it has sent everything, so the rest of a refused file is let
  // run by unread; the connection is not used again.
  scope.addHook('onSend', async (request, reply) => {
    if (request.raw.complete) return
    reply.header('connection', 'close')
    request.raw.resume()
  })
}

/** The body as it comes. To stop reading leaves the connection open, for the answer. */
export function chunksOf(body: Readable): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) }
}
