import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

const TAG_CHARS = 22

/** Weak, since it is of the meaning: the same state is the same tag on every copy. */
export function etagOf(payload: string): string {
  return `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, TAG_CHARS)}"`
}

/** Whether one of the tags a client holds is this one. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((held) => held.trim() === tag || held.trim() === '*')
}

/** Who polls and has seen it already gets 304 and no body. */
export function addEtags(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isRead = request.method === 'GET' && request.url.startsWith('/api/')
    if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const tag = etagOf(payload)
    reply.header('etag', tag)
    if (!matchesTag(request.headers['if-none-match'], tag)) return payload
    reply.code(304).removeHeader('content-type')
    return ''
  })
}
