import type { FastifyInstance } from 'fastify'

const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed']

/** In this scope a body is a file, handed on as it comes; whoever reads it limits it. */
export function acceptUploads(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(ZIP_TYPES, (_request, payload, done) => done(null, payload))
}
