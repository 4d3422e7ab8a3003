import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { storageErrors } from './storage-error.ts'

/** The body of an upload and what its headers or form fields say about it. */
export interface UploadInput {
  readonly stream: Readable
  readonly bytesExpected: number | null
  readonly mimeType: string
  readonly cacheControl: string
  readonly userMetadata: Readonly<Record<string, unknown>> | null
}

const metadataSchema = z.record(z.string(), z.unknown())
const FIELD_BYTES_MAX = 64 * 1024

export function parseUserMetadata(text: string): Record<string, unknown> {
  try {
    return metadataSchema.parse(JSON.parse(text))
  } catch {
    throw storageErrors.invalid('the metadata is not a JSON object')
  }
}

function headerText(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function readPlain(request: FastifyRequest): UploadInput {
  const metadata = headerText(request, 'x-metadata')
  const length = headerText(request, 'content-length')
  return {
    stream: request.body as Readable,
    bytesExpected: length === null ? null : Number(length),
    mimeType: headerText(request, 'content-type') ?? 'application/octet-stream',
    cacheControl: headerText(request, 'cache-control') ?? 'no-cache',
    userMetadata:
      metadata === null
        ? null
        : parseUserMetadata(Buffer.from(metadata, 'base64').toString('utf8')),
  }
}

/** A form of `cacheControl`, `metadata` and one file, as browsers send a `Blob`. */
async function readForm(request: FastifyRequest): Promise<UploadInput> {
  const form = new Busboy({
    headers: { ...request.headers, 'content-type': String(request.headers['content-type']) },
    limits: { files: 1, fields: 10, fieldSize: FIELD_BYTES_MAX, parts: 20 },
  })
  const fields = new Map<string, string>()
  form.on('field', (name, value) => fields.set(name, value))
  const file = once(form, 'file') as Promise<[string, Readable, string, string, string]>
  const body = request.body as Readable
  body.on('error', (error) => form.destroy(error))
  const ended = once(form, 'finish').then(() => {
    throw storageErrors.invalid('the form has no file')
  })
  body.pipe(form)
  const [, stream, , , mimeType] = await Promise.race([file, ended])
  ended.catch(() => undefined)
  const metadata = fields.get('metadata')
  const maxAge = fields.get('cacheControl')
  return {
    stream,
    bytesExpected: null,
    mimeType: mimeType || 'application/octet-stream',
    cacheControl: maxAge === undefined ? 'no-cache' : `max-age=${maxAge}`,
    userMetadata: metadata === undefined ? null : parseUserMetadata(metadata),
  }
}

export async function readUpload(request: FastifyRequest): Promise<UploadInput> {
  const type = headerText(request, 'content-type') ?? ''
  return type.startsWith('multipart/form-data') ? readForm(request) : readPlain(request)
}
