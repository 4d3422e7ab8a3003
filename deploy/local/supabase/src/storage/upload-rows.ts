import type { Transaction } from '../db/database.ts'
import { storageErrors } from './storage-error.ts'

/** A resumable upload that has begun. How far it is, its file knows. */
export interface UploadRow {
  readonly id: string
  readonly bucket_id: string
  readonly name: string
  readonly owner: string | null
  readonly is_upsert: boolean
  readonly length: number
  readonly mime_type: string
  readonly cache_control: string
  readonly user_metadata: Record<string, unknown> | null
  readonly expires_at: string
  readonly is_expired: boolean
}

const COLUMNS = `id::text as id, bucket_id, name, owner, is_upsert, length::float8 as length,
  mime_type, cache_control, user_metadata, expires_at < now() as is_expired,
  to_json(expires_at) #>> '{}' as expires_at`

/** Forgotten at one creation: enough to keep up, too few to be felt. */
const EXPIRED_BATCH = 50

export async function insertUpload(
  tx: Transaction,
  upload: Omit<UploadRow, 'expires_at' | 'is_expired'>,
  lifetimeS: number,
): Promise<void> {
  await tx.execute(
    `insert into vessel_local.uploads (id, bucket_id, name, owner, is_upsert, length, mime_type,
       cache_control, user_metadata, expires_at)
     values ($1::text::uuid, $2, $3, $4, $5::text::boolean, $6::text::bigint, $7, $8,
       $9::text::jsonb, now() + $10::text::float8 * interval '1 second')`,
    [
      upload.id,
      upload.bucket_id,
      upload.name,
      upload.owner,
      String(upload.is_upsert),
      String(upload.length),
      upload.mime_type,
      upload.cache_control,
      JSON.stringify(upload.user_metadata),
      String(lifetimeS),
    ],
  )
}

export async function findUpload(tx: Transaction, id: string): Promise<UploadRow> {
  const [row] = await tx.query<UploadRow>(
    `select ${COLUMNS} from vessel_local.uploads where id = $1::text::uuid`,
    [id],
  )
  if (row === undefined) throw storageErrors.noSuchUpload()
  return row
}

/** The version of an object is the id of its upload, so a finished one is known by its row. */
export async function isFinished(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx.query('select 1 from storage.objects where version = $1', [id])
  return rows.length > 0
}

export async function deleteUpload(tx: Transaction, id: string): Promise<void> {
  await tx.execute('delete from vessel_local.uploads where id = $1::text::uuid', [id])
}

export async function takeExpired(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `delete from vessel_local.uploads where id in (
       select id from vessel_local.uploads where expires_at < now() limit ${EXPIRED_BATCH}
     ) returning id::text as id`,
  )
  return rows.map(({ id }) => id)
}
