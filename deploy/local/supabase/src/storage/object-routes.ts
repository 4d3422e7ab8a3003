import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ObjectRow } from './object-rows.ts'
import type { StorageRoutesDeps } from './routes.ts'
import { sendObject } from './send-object.ts'
import { type KeyParams, keyOf, storageCaller } from './storage-caller.ts'
import { StorageError, storageErrors } from './storage-error.ts'

const NAMES_MAX = 1_000
const WEEK_S = 7 * 24 * 3_600
/** As long as anybody may ask for: a signed URL cannot be taken back. */
const URL_LIFETIME_MAX_S = 52 * WEEK_S

const lifetime = z.int().min(1).max(URL_LIFETIME_MAX_S)
const signBody = z.object({ expiresIn: lifetime })
const signManyBody = signBody.extend({ paths: z.array(z.string()).min(1).max(NAMES_MAX) })
const removeBody = z.object({ prefixes: z.array(z.string()).min(1).max(NAMES_MAX) })
const moveBody = z.object({
  bucketId: z.string(),
  sourceKey: z.string(),
  destinationBucket: z.string().optional(),
  destinationKey: z.string(),
})

export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw storageErrors.invalid(`body/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'invalid'}`)
}

function infoBody(row: ObjectRow): Record<string, unknown> {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    bucket_id: row.bucket_id,
    size: row.metadata?.size ?? null,
    content_type: row.metadata?.mimetype ?? null,
    cache_control: row.metadata?.cacheControl ?? null,
    etag: row.metadata?.eTag ?? null,
    metadata: row.user_metadata ?? {},
    last_modified: row.updated_at,
    created_at: row.created_at,
  }
}

function removedBody(row: ObjectRow): Record<string, unknown> {
  const { id, bucket_id, name, owner, version, metadata, user_metadata } = row
  const { created_at, updated_at, last_accessed_at } = row
  const times = { created_at, updated_at, last_accessed_at }
  return { id, bucket_id, name, owner, version, metadata, user_metadata, ...times }
}

function registerReads(app: FastifyInstance, { service, keyring }: StorageRoutesDeps): void {
  const { files } = service
  // HEAD is a route of its own: derived from GET it would read the whole object to answer nothing.
  const method = ['GET', 'HEAD']
  for (const url of ['/object/:bucket/*', '/object/authenticated/:bucket/*']) {
    app.route<{ Params: KeyParams }>({
      ...{ method, url },
      handler: async (request, reply) => {
        const caller = await storageCaller(request, keyring)
        const row = await service.find(caller, keyOf(request.params))
        return sendObject(request, reply, { row, files })
      },
    })
  }
  app.route<{ Params: KeyParams }>({
    ...{ method, url: '/object/public/:bucket/*' },
    handler: async (request, reply) => {
      const row = await service.findPublic(keyOf(request.params))
      return sendObject(request, reply, { row, files })
    },
  })
  for (const url of ['/object/info/:bucket/*', '/object/info/authenticated/:bucket/*']) {
    app.get<{ Params: KeyParams }>(url, async (request) => {
      const caller = await storageCaller(request, keyring)
      return infoBody(await service.find(caller, keyOf(request.params)))
    })
  }
}

function registerSigned(app: FastifyInstance, { service, keyring }: StorageRoutesDeps): void {
  app.route<{ Params: KeyParams; Querystring: { token?: string } }>({
    method: ['GET', 'HEAD'],
    url: '/object/sign/:bucket/*',
    handler: async (request, reply) => {
      const row = await service.findSigned(request.query.token ?? '', keyOf(request.params))
      return sendObject(request, reply, { row, files: service.files })
    },
  })
  app.post<{ Params: KeyParams }>('/object/sign/:bucket/*', async (request) => {
    const caller = await storageCaller(request, keyring)
    const { expiresIn } = parseBody(signBody, request.body)
    return { signedURL: await service.signDownload(caller, keyOf(request.params), expiresIn) }
  })
  app.post<{ Params: { bucket: string } }>('/object/sign/:bucket', async (request) => {
    const caller = await storageCaller(request, keyring)
    const { expiresIn, paths } = parseBody(signManyBody, request.body)
    const { bucket } = request.params
    const signOne = async (path: string) => {
      try {
        const signedURL = await service.signDownload(caller, { bucket, name: path }, expiresIn)
        return { error: null, path, signedURL }
      } catch (error) {
        if (!(error instanceof StorageError) || error.status !== 404) throw error
        const message = 'Either the object does not exist or you do not have access to it'
        return { error: message, path, signedURL: null }
      }
    }
    return Promise.all(paths.map(signOne))
  })
  app.post<{ Params: KeyParams }>('/object/upload/sign/:bucket/*', async (request) => {
    const caller = await storageCaller(request, keyring)
    const isUpsert = request.headers['x-upsert'] === 'true'
    return service.signUpload(caller, keyOf(request.params), isUpsert)
  })
}

function registerChanges(app: FastifyInstance, { service, keyring }: StorageRoutesDeps): void {
  app.delete<{ Params: { bucket: string } }>('/object/:bucket', async (request) => {
    const caller = await storageCaller(request, keyring)
    const { prefixes } = parseBody(removeBody, request.body)
    const removed = await service.remove(caller, request.params.bucket, prefixes)
    return removed.map(removedBody)
  })
  app.delete<{ Params: KeyParams }>('/object/:bucket/*', async (request) => {
    const caller = await storageCaller(request, keyring)
    const { bucket, name } = keyOf(request.params)
    const removed = await service.remove(caller, bucket, [name])
    if (removed.length === 0) throw storageErrors.noSuchKey()
    return { message: 'Successfully deleted' }
  })
  app.post('/object/move', async (request) => {
    const caller = await storageCaller(request, keyring)
    const body = parseBody(moveBody, request.body)
    const from = { bucket: body.bucketId, name: body.sourceKey }
    const to = { bucket: body.destinationBucket ?? body.bucketId, name: body.destinationKey }
    await service.rename(caller, from, to)
    return { message: 'Successfully moved' }
  })
  app.post('/object/copy', async (request) => {
    const caller = await storageCaller(request, keyring)
    const body = parseBody(moveBody, request.body)
    const from = { bucket: body.bucketId, name: body.sourceKey }
    const to = { bucket: body.destinationBucket ?? body.bucketId, name: body.destinationKey }
    const isUpsert = request.headers['x-upsert'] === 'true'
    const row = await service.copy(caller, from, { ...to, isUpsert })
    return { Id: row.id, Key: `${row.bucket_id}/${row.name}`, ...removedBody(row) }
  })
}

/** Routes on objects whose body, if any, is JSON. */
export function objectRoutes(deps: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    registerReads(app, deps)
    registerSigned(app, deps)
    registerChanges(app, deps)
  }
}
