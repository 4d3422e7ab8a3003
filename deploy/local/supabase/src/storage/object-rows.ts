import type { Caller, Transaction } from '../db/database.ts'
import { isPgError } from '../db/pg-error.ts'
import { StorageError, storageErrors } from './storage-error.ts'

export interface BucketRow {
  readonly id: string
  readonly name: string
  readonly public: boolean
  readonly file_size_limit: number | null
  readonly allowed_mime_types: string[] | null
}

export interface ObjectMetadata {
  readonly eTag: string
  readonly size: number
  readonly mimetype: string
  readonly cacheControl: string
  readonly lastModified: string
  readonly contentLength: number
  readonly httpStatusCode: number
}

export interface ObjectRow {
  readonly id: string
  readonly bucket_id: string
  readonly name: string
  readonly version: string
  readonly owner: string | null
  readonly metadata: ObjectMetadata | null
  readonly user_metadata: Record<string, unknown> | null
  readonly created_at: string
  readonly updated_at: string
  readonly last_accessed_at: string
}

export interface NewObject {
  readonly bucket: string
  readonly name: string
  readonly version: string
  readonly ownerId: string | null
  readonly metadata: ObjectMetadata | null
  readonly userMetadata: Readonly<Record<string, unknown>> | null
}

const TIME = (column: string): string => `to_json(${column}) #>> '{}' as ${column}`
export const OBJECT_COLUMNS = [
  'id::text as id',
  'bucket_id',
  'name',
  'version',
  'owner::text as owner',
  'metadata',
  'user_metadata',
  TIME('created_at'),
  TIME('updated_at'),
  TIME('last_accessed_at'),
].join(', ')

/** Puts Postgres' refusals in the words of Storage. */
export function toStorageError(error: unknown): unknown {
  if (isPgError(error, '42501')) return storageErrors.accessDenied(error.message)
  if (isPgError(error, '23505')) return storageErrors.duplicate()
  if (isPgError(error, '23503')) return storageErrors.noSuchBucket()
  return error
}

export async function findBucket(tx: Transaction, id: string): Promise<BucketRow> {
  const [bucket] = await tx.query<BucketRow>(
    `select id, name, public, file_size_limit::float8 as file_size_limit, allowed_mime_types
     from storage.buckets where id = $1`,
    [id],
  )
  if (bucket === undefined) throw storageErrors.noSuchBucket()
  return bucket
}

/** What the caller may see: row-level security decides, and hidden looks like absent. */
export async function findObject(
  tx: Transaction,
  key: { bucket: string; name: string },
): Promise<ObjectRow | null> {
  const [row] = await tx.query<ObjectRow>(
    `select ${OBJECT_COLUMNS} from storage.objects where bucket_id = $1 and name = $2`,
    [key.bucket, key.name],
  )
  return row ?? null
}

function values(object: NewObject): (string | null)[] {
  return [
    object.bucket,
    object.name,
    object.version,
    object.ownerId,
    JSON.stringify(object.metadata),
    JSON.stringify(object.userMetadata),
  ]
}

const INSERT = `insert into storage.objects
  (bucket_id, name, version, owner, owner_id, metadata, user_metadata)
  values ($1, $2, $3, $4::text::uuid, $4::text, $5::text::jsonb, $6::text::jsonb)`
const ON_CONFLICT = ` on conflict (bucket_id, name) do update set version = excluded.version,
  owner = excluded.owner, owner_id = excluded.owner_id, metadata = excluded.metadata,
  user_metadata = excluded.user_metadata, updated_at = now()`

/** Inserts, or fails when the key is taken: two uploads at once, one of them wins, never both. */
export async function insertObject(tx: Transaction, object: NewObject): Promise<void> {
  await tx.execute(INSERT, values(object))
}

export async function upsertObject(tx: Transaction, object: NewObject): Promise<void> {
  await tx.execute(`${INSERT}${ON_CONFLICT}`, values(object))
}

export function ownerOf(caller: Caller): string | null {
  const { sub } = caller.claims
  return typeof sub === 'string' ? sub : null
}

export function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'NoSuchKey'
}
