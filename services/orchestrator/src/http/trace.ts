import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { traceparent } from '@vessel/proto/ids'
import type { FastifyInstance } from 'fastify'

const ALL_ZERO = /^0+$/
const SAMPLED = '01'

interface Trace {
  readonly traceId: string
  readonly flags: string
}

/** The caller's trace, when the header is one as W3C writes it. */
export function readTrace(header: string | readonly string[] | undefined): Trace | null {
  const parsed = traceparent.safeParse(header)
  if (!parsed.success) return null
  const [, traceId = '', spanId = '', flags = ''] = parsed.data.split('-')
  return ALL_ZERO.test(traceId) || ALL_ZERO.test(spanId) ? null : { traceId, flags }
}

/** The id of a request is the id of its trace: one id from the click to the machine. */
export function traceIdOf(request: IncomingMessage): string {
  return readTrace(request.headers.traceparent)?.traceId ?? randomBytes(16).toString('hex')
}

/** Gives every request a span of its own in its trace, and tells the caller. */
export function addTrace(app: FastifyInstance): void {
  app.decorateRequest('traceparent', '')
  app.addHook('onRequest', async (request, reply) => {
    const flags = readTrace(request.headers.traceparent)?.flags ?? SAMPLED
    request.traceparent = `00-${request.id}-${randomBytes(8).toString('hex')}-${flags}`
    reply.header('traceparent', request.traceparent)
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** This request within its trace; goes into everything it starts. */
    traceparent: string
  }
}
