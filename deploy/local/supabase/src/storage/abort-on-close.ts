import type { FastifyRequest } from 'fastify'
import { storageErrors } from './storage-error.ts'

/** Ends with the request's socket: its sender may be gone long before the body is complete. */
export function abortOnClose(request: FastifyRequest): AbortSignal {
  const controller = new AbortController()
  request.raw.on('close', () => {
    if (!request.raw.readableEnded) controller.abort(storageErrors.incomplete())
  })
  return controller.signal
}
