import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { OWNER } from '../db/database.ts'
import { abortOnClose } from './abort-on-close.ts'
import { storageErrorHandler } from './error-handler.ts'
import { ownerOf } from './object-rows.ts'
import { parseUserMetadata } from './read-upload.ts'
import type { StorageRoutesDeps } from './routes.ts'
import { storageCaller } from './storage-caller.ts'
import { StorageError, storageErrors } from './storage-error.ts'
import type { UploadTarget } from './storage-service.ts'
import { parseByteCount, parseUploadMetadata, TUS_EXTENSIONS, TUS_VERSION } from './tus-headers.ts'
import { TusService, type UploadRights, type UploadState } from './tus-service.ts'

const PART_TYPE = 'application/offset+octet-stream'

interface TusPart {
  readonly deps: StorageRoutesDeps
  readonly tus: TusService
  /** With `x-signature` in place of a bearer token. */
  readonly isSigned: boolean
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function idOf(request: FastifyRequest): string {
  const id = z.uuid().safeParse((request.params as { id?: unknown }).id)
  if (!id.success) throw storageErrors.noSuchUpload()
  return id.data
}

async function rightsOf(
  part: TusPart,
  request: FastifyRequest,
): Promise<UploadRights & Pick<UploadTarget, 'ownerId' | 'isUpsert'>> {
  const { service, keyring } = part.deps
  if (part.isSigned) {
    const signature = header(request, 'x-signature') ?? ''
    const grant = await service.openUploadToken(signature)
    const { ownerId, isUpsert } = grant
    return { caller: OWNER, key: { bucket: grant.bucket, name: grant.name }, ownerId, isUpsert }
  }
  const caller = await storageCaller(request, keyring)
  const isUpsert = header(request, 'x-upsert') === 'true'
  return { caller, key: null, ownerId: ownerOf(caller), isUpsert }
}

function targetOf(
  request: FastifyRequest,
  rights: Awaited<ReturnType<typeof rightsOf>>,
): UploadTarget {
  const metadata = parseUploadMetadata(header(request, 'upload-metadata'))
  const bucket = metadata.get('bucketName')
  const name = metadata.get('objectName')
  if (bucket === undefined || name === undefined) {
    throw storageErrors.invalid('Upload-Metadata must name bucketName and objectName')
  }
  const { key } = rights
  if (key !== null && (key.bucket !== bucket || key.name !== name)) {
    throw storageErrors.invalidSignature()
  }
  const userMetadata = metadata.get('metadata')
  const maxAge = metadata.get('cacheControl')
  return {
    bucket,
    name,
    caller: rights.caller,
    ownerId: rights.ownerId,
    isUpsert: rights.isUpsert,
    mimeType: metadata.get('contentType') ?? 'application/octet-stream',
    cacheControl: maxAge === undefined ? 'no-cache' : `max-age=${maxAge}`,
    userMetadata: userMetadata === undefined ? null : parseUserMetadata(userMetadata),
  }
}

function describe(reply: FastifyReply, state: UploadState): FastifyReply {
  return reply.headers({
    'upload-offset': state.offset,
    'upload-expires': new Date(state.upload.expires_at).toUTCString(),
  })
}

function requireVersion(request: FastifyRequest): void {
  if (request.method === 'OPTIONS' || header(request, 'tus-resumable') === TUS_VERSION) return
  throw new StorageError(412, 'InvalidRequest', {
    title: 'Error',
    message: `Tus-Resumable must be ${TUS_VERSION}`,
  })
}

function partOf(request: FastifyRequest, offset: number) {
  return { stream: request.body as Readable, offset, signal: abortOnClose(request) }
}

function registerCreate(app: FastifyInstance, part: TusPart, prefix: string): void {
  const { deps, tus } = part
  app.post(prefix, async (request, reply) => {
    if (header(request, 'upload-defer-length') !== undefined) {
      throw storageErrors.unsupported('uploads of unknown length')
    }
    const length = parseByteCount('Upload-Length', request.headers['upload-length'])
    const rights = await rightsOf(part, request)
    let state = await tus.create(targetOf(request, rights), length)
    const { id } = state.upload
    // Set before the first byte is read: after a cut the client knows where to go on.
    reply.header('location', `${deps.publicUrl()}/storage/v1${prefix}/${id}`)
    const hasBody = header(request, 'content-type') === PART_TYPE && length > 0
    if (hasBody) state = await tus.append(id, rights, partOf(request, 0))
    return describe(reply, state).code(201).send()
  })
}

function registerParts(app: FastifyInstance, part: TusPart, prefix: string): void {
  const { tus } = part
  const url = `${prefix}/:id`
  app.head(url, async (request, reply) => {
    const state = await tus.state(idOf(request), await rightsOf(part, request))
    reply.headers({ 'upload-length': state.upload.length, 'cache-control': 'no-store' })
    return describe(reply, state).code(200).send()
  })
  app.patch(url, async (request, reply) => {
    if (header(request, 'content-type') !== PART_TYPE) {
      throw new StorageError(415, 'InvalidMimeType', {
        title: 'Error',
        message: `Content-Type must be ${PART_TYPE}`,
      })
    }
    const offset = parseByteCount('Upload-Offset', request.headers['upload-offset'])
    const rights = await rightsOf(part, request)
    const state = await tus.append(idOf(request), rights, partOf(request, offset))
    return describe(reply, state).code(204).send()
  })
  app.delete(url, async (request, reply) => {
    await tus.terminate(idOf(request), await rightsOf(part, request))
    return reply.code(204).send()
  })
}

/** TUS 1.0 for people with a token, and below `/sign` for holders of a signed upload URL. */
export function tusRoutes(deps: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.addHook('onRequest', async (request, reply) => {
      reply.header('tus-resumable', TUS_VERSION)
      requireVersion(request)
    })
    // Unlike the other routes, these say the true status: TUS clients act on it.
    app.setErrorHandler(storageErrorHandler((error) => error.status))
    const tus = new TusService(deps.service)
    for (const prefix of ['/upload/resumable', '/upload/resumable/sign']) {
      const part = { deps, tus, isSigned: prefix.endsWith('/sign') }
      registerCreate(app, part, prefix)
      registerParts(app, part, prefix)
      app.options(prefix, async (_request, reply) =>
        reply
          .code(204)
          .headers({
            'tus-version': TUS_VERSION,
            'tus-extension': TUS_EXTENSIONS,
            'tus-max-size': deps.fileBytesMax,
          })
          .send(),
      )
    }
  }
}
