import type { FastifyInstance } from 'fastify'
import type { Keyring } from '../keys/keyring.ts'
import { bucketRoutes } from './bucket-routes.ts'
import { storageErrorHandler } from './error-handler.ts'
import { listRoutes } from './list-routes.ts'
import { objectRoutes } from './object-routes.ts'
import { storageErrors } from './storage-error.ts'
import type { StorageService } from './storage-service.ts'
import { tusRoutes } from './tus-routes.ts'
import { uploadRoutes } from './upload-routes.ts'

const JSON_BYTES_MAX = 1024 * 1024

export interface StorageRoutesDeps {
  readonly service: StorageService
  readonly keyring: Keyring
  readonly fileBytesMax: number
  /** The address clients use: a TUS upload answers with a whole URL. */
  readonly publicUrl: () => string
}

async function jsonPart(app: FastifyInstance, deps: StorageRoutesDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  const options = { parseAs: 'string', bodyLimit: JSON_BYTES_MAX } as const
  app.addContentTypeParser('*', options, (_request, body, done) => {
    try {
      done(null, String(body) === '' ? {} : JSON.parse(String(body)))
    } catch {
      done(storageErrors.invalid('the body is not JSON'))
    }
  })
  await app.register(bucketRoutes(deps))
  await app.register(listRoutes(deps))
  await app.register(objectRoutes(deps))
}

/** Supabase Storage's surface below `/storage/v1`. */
export function storageRoutes(deps: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(storageErrorHandler((error) => error.httpStatus))
    app.setNotFoundHandler((request, reply) => {
      const error = storageErrors.unsupported(`${request.method} ${request.url.split('?')[0]}`)
      return reply.code(error.status).send(error.toBody())
    })
    await app.register((scope) => jsonPart(scope, deps))
    await app.register(uploadRoutes(deps))
    await app.register(tusRoutes(deps))
  }
}
