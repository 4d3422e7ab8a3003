import type { FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseUnavailable } from '../db/pg-error.ts'
import { StorageError, storageErrors } from './storage-error.ts'

/** What a stream says when its other end has gone: nobody is left to read the answer. */
const CUT_OFF_CODES = ['ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET']

function asStorageError(error: Error & { statusCode?: number; code?: string }): StorageError {
  if (error instanceof StorageError) return error
  if (error.cause instanceof StorageError) return error.cause
  if (error instanceof DatabaseUnavailable) {
    return new StorageError(503, 'DatabaseTimeout', {
      title: 'DatabaseTimeout',
      message: error.message,
    })
  }
  if (CUT_OFF_CODES.includes(error.code ?? '')) return storageErrors.incomplete()
  const { statusCode } = error
  if (statusCode !== undefined && statusCode < 500) {
    return new StorageError(statusCode, 'InvalidRequest', {
      title: 'Error',
      message: error.message,
    })
  }
  return new StorageError(500, 'InternalError', {
    title: 'Internal',
    message: 'Internal Server Error',
  })
}

/** Renders every fault of the storage routes with the HTTP status that `statusOf` gives it. */
export function storageErrorHandler(statusOf: (error: StorageError) => number) {
  return async (raw: Error, request: FastifyRequest, reply: FastifyReply) => {
    const error = asStorageError(raw)
    if (error.status === 500) request.log.error({ err: raw }, 'storage request failed')
    return reply.code(statusOf(error)).send(error.toBody())
  }
}
