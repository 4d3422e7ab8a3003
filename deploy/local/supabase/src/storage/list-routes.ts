import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { parseBody } from './object-routes.ts'
import { OBJECT_COLUMNS, type ObjectRow } from './object-rows.ts'
import type { StorageRoutesDeps } from './routes.ts'
import { storageCaller } from './storage-caller.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 1_000
const SORT_COLUMNS = ['name', 'created_at', 'updated_at', 'last_accessed_at'] as const

const listBody = z.object({
  prefix: z.string().max(1_024).default(''),
  limit: z.int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
  offset: z.int().nonnegative().default(0),
  search: z.string().max(200).default(''),
  sortBy: z
    .object({
      column: z.enum(SORT_COLUMNS).default('name'),
      order: z.enum(['asc', 'desc']).default('asc'),
    })
    .prefault({}),
})
type ListQuery = z.output<typeof listBody>

interface ListedRow extends Omit<ObjectRow, 'id'> {
  readonly id: string | null
}

/**
 * One level below a prefix: the objects in it and, as names without an id, the folders.
 * A folder is only a common beginning of names, so it is found by grouping them.
 */
function listSql(query: ListQuery): string {
  const { column, order } = query.sortBy
  return `with below as (
      select *, substr(name, length($2) + 1) as tail from storage.objects
      where bucket_id = $1 and starts_with(name, $2)
    ), level as (
      select split_part(tail, '/', 1) as label, position('/' in tail) > 0 as is_folder, * from below
    ), listed as (
      select label as name, null::uuid as id, bucket_id, null as version, null::uuid as owner,
        null::jsonb as metadata, null::jsonb as user_metadata, null::timestamptz as created_at,
        null::timestamptz as updated_at, null::timestamptz as last_accessed_at
      from level where is_folder group by label, bucket_id
      union all
      select label, id, bucket_id, version, owner, metadata, user_metadata, created_at, updated_at,
        last_accessed_at from level where not is_folder
    )
    select ${OBJECT_COLUMNS} from listed where starts_with(lower(name), lower($3))
    order by listed.${column} ${order}, listed.name limit $4::text::int offset $5::text::int`
}

function entryBody(row: ListedRow): Record<string, unknown> {
  const { name, id, updated_at, created_at, last_accessed_at, metadata } = row
  return { name, id, updated_at, created_at, last_accessed_at, metadata }
}

export function listRoutes({ service, keyring }: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Params: { bucket: string } }>('/object/list/:bucket', async (request) => {
      const caller = await storageCaller(request, keyring)
      const query = parseBody(listBody, request.body)
      const folder = query.prefix.replace(/^\/+|\/+$/g, '')
      const prefix = folder === '' ? '' : `${folder}/`
      const rows = await service.run(caller, (tx) =>
        tx.query<ListedRow>(listSql(query), [
          request.params.bucket,
          prefix,
          query.search,
          String(query.limit),
          String(query.offset),
        ]),
      )
      return rows.map(entryBody)
    })
  }
}
