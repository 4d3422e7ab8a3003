import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Transaction } from '../db/database.ts'
import { checkBucketName } from './object-name.ts'
import { parseBody } from './object-routes.ts'
import type { StorageRoutesDeps } from './routes.ts'
import { storageCaller } from './storage-caller.ts'
import { storageErrors } from './storage-error.ts'

const limit = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)]).nullish()
const settings = z.object({
  public: z.boolean().optional(),
  file_size_limit: limit,
  allowed_mime_types: z.array(z.string()).nullish(),
})
const createBody = settings.extend({ id: z.string().optional(), name: z.string() })

const COLUMNS = `id, name, owner::text, public, file_size_limit::float8 as file_size_limit,
  allowed_mime_types, to_json(created_at) #>> '{}' as created_at,
  to_json(updated_at) #>> '{}' as updated_at`

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function arrayOf(value: readonly string[] | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

const ARRAY = (parameter: string): string =>
  `(select array_agg(v) from json_array_elements_text(${parameter}::text::json) as v)`

async function one(tx: Transaction, id: string): Promise<Record<string, unknown>> {
  const [bucket] = await tx.query(`select ${COLUMNS} from storage.buckets where id = $1`, [id])
  if (bucket === undefined) throw storageErrors.noSuchBucket()
  return bucket
}

function registerReads(app: FastifyInstance, { service, keyring }: StorageRoutesDeps): void {
  app.get('/bucket', async (request) => {
    const caller = await storageCaller(request, keyring)
    return service.run(caller, (tx) =>
      tx.query(`select ${COLUMNS} from storage.buckets order by name`),
    )
  })

  app.get<{ Params: { id: string } }>('/bucket/:id', async (request) => {
    const caller = await storageCaller(request, keyring)
    return service.run(caller, (tx) => one(tx, request.params.id))
  })
}

function registerChanges(app: FastifyInstance, { service, keyring }: StorageRoutesDeps): void {
  app.post('/bucket', async (request) => {
    const caller = await storageCaller(request, keyring)
    const body = parseBody(createBody, request.body)
    const name = checkBucketName(body.name)
    const id = checkBucketName(body.id ?? name)
    await service.run(caller, (tx) =>
      tx.execute(
        `insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
           values ($1, $2, $3::text::boolean, $4::text::bigint, ${ARRAY('$5')})`,
        [
          id,
          name,
          String(body.public ?? false),
          textOf(body.file_size_limit),
          arrayOf(body.allowed_mime_types),
        ],
      ),
    )
    return { name }
  })

  app.put<{ Params: { id: string } }>('/bucket/:id', async (request) => {
    const caller = await storageCaller(request, keyring)
    const body = parseBody(settings, request.body)
    const count = await service.run(caller, (tx) =>
      tx.execute(
        `update storage.buckets set public = coalesce($2::text::boolean, public),
             file_size_limit = $3::text::bigint, allowed_mime_types = ${ARRAY('$4')},
             updated_at = now() where id = $1`,
        [
          request.params.id,
          body.public === undefined ? null : String(body.public),
          textOf(body.file_size_limit),
          arrayOf(body.allowed_mime_types),
        ],
      ),
    )
    if (count === 0) throw storageErrors.noSuchBucket()
    return { message: 'Successfully updated' }
  })

  app.delete<{ Params: { id: string } }>('/bucket/:id', async (request) => {
    const caller = await storageCaller(request, keyring)
    await service.run(caller, async (tx) => {
      const { id } = request.params
      await one(tx, id)
      const objects = await tx.query('select 1 from storage.objects where bucket_id = $1 limit 1', [
        id,
      ])
      if (objects.length > 0) throw storageErrors.notEmpty()
      await tx.execute('delete from storage.buckets where id = $1', [id])
    })
    return { message: 'Successfully deleted' }
  })
}

/** Buckets, under the row-level security of storage.buckets. */
export function bucketRoutes(deps: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    registerReads(app, deps)
    registerChanges(app, deps)
  }
}
