import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseRange } from './byte-range.ts'
import type { ObjectFiles } from './object-files.ts'
import type { ObjectRow } from './object-rows.ts'
import { storageErrors } from './storage-error.ts'

/** `?download` asks for a file, `?download=name` for one of that name. */
function disposition(request: FastifyRequest, row: ObjectRow): string | null {
  const { download } = request.query as { download?: string }
  if (download === undefined) return null
  const name = download === '' ? (row.name.split('/').at(-1) ?? 'file') : download
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
}

function isNotModified(request: FastifyRequest, eTag: string): boolean {
  const asked = request.headers['if-none-match']
  return asked?.split(',').some((tag) => tag.trim() === eTag) === true
}

/** Streams an object, or the part asked for, from disk. */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  object: { row: ObjectRow; files: ObjectFiles },
): Promise<FastifyReply> {
  const { row, files } = object
  const size = await files.sizeOf(row.version)
  if (size === null) throw storageErrors.noSuchKey()
  const metadata = row.metadata
  reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': metadata?.cacheControl ?? 'no-cache',
    'content-type': metadata?.mimetype ?? 'application/octet-stream',
    'last-modified': new Date(row.updated_at).toUTCString(),
    // What is stored is anybody's: a browser must never guess that it is a page.
    'x-content-type-options': 'nosniff',
    etag: metadata?.eTag ?? '',
  })
  const attachment = disposition(request, row)
  if (attachment !== null) reply.header('content-disposition', attachment)
  if (isNotModified(request, metadata?.eTag ?? '')) return reply.code(304).send()

  const range = parseRange(request.headers.range, size)
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw storageErrors.range()
  }
  if (range !== null)
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  reply.header('content-length', range === null ? size : range.end - range.start + 1)
  return request.method === 'HEAD' ? reply.send() : reply.send(files.read(row.version, range))
}
