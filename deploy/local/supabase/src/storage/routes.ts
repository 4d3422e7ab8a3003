import type { FastifyInstance, FastifyReply } from 'fastify'
import { DatabaseUnavailable } from '../db/pg-error.ts'
import type { Keyring } from '../keys/keyring.ts'
import { bucketRoutes } from './bucket-routes.ts'
import { listRoutes } from './list-routes.ts'
import { objectRoutes } from './object-routes.ts'
import { StorageError, storageErrors } from './storage-error.ts'
import type { StorageService } from './storage-service.ts'
import { uploadRoutes } from './upload-routes.ts'

const JSON_BYTES_MAX = 1024 * 1024

export interface StorageRoutesDeps {
  readonly service: StorageService
  readonly keyring: Keyring
}

function sendError(reply: FastifyReply, error: StorageError): FastifyReply {
  return reply.code(error.httpStatus).send(error.toBody())
}

function asStorageError(error: unknown): StorageError | null {
  if (error instanceof StorageError) return error
  if (error instanceof DatabaseUnavailable) {
    return new StorageError(503, 'DatabaseTimeout', 'DatabaseTimeout', error.message)
  }
  const { statusCode, message, cause } = error as Error & { statusCode?: number }
  if (cause instanceof StorageError) return cause
  if (statusCode === undefined || statusCode >= 500) return null
  return new StorageError(statusCode, 'InvalidRequest', 'Error', message)
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
    app.setErrorHandler(async (raw, request, reply) => {
      const error = asStorageError(raw)
      if (error !== null) return sendError(reply, error)
      request.log.error({ err: raw }, 'storage request failed')
      return sendError(
        reply,
        new StorageError(500, 'InternalError', 'Internal', 'Internal Server Error'),
      )
    })
    app.setNotFoundHandler((request, reply) =>
      sendError(reply, storageErrors.unsupported(`${request.method} ${request.url.split('?')[0]}`)),
    )
    await app.register((scope) => jsonPart(scope, deps))
    await app.register(uploadRoutes(deps))
  }
}
