import type { SupabaseClient } from '@supabase/supabase-js'
import { ARCHIVE_BUCKET } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { UploadUrlReply } from '@vessel/proto/requests/upload-url'
import type { ArchiveLinks } from '../sessions/ports.ts'

/** Long enough for a slow download to begin; a host asks for a new link when it has run out. */
const DOWNLOAD_LINK_S = 900
/** What Storage gives a signed upload. */
const UPLOAD_LINK_MS = 2 * 3_600_000

export interface ArchiveFiles extends ArchiveLinks {
  /** Bytes of the object, null when it is not there. */
  size(path: string): Promise<number | null>
  /** Where to put an object; `mayReplace` when a half of it lies there. */
  upload(path: string, mayReplace: boolean): Promise<Omit<UploadUrlReply, 'isStored'>>
}

export function createArchiveFiles(db: SupabaseClient, supabaseUrl: string): ArchiveFiles {
  const bucket = db.storage.from(ARCHIVE_BUCKET)
  return {
    async source({ path, format, bytes, sha256 }) {
      const { data, error } = await bucket.createSignedUrl(path, DOWNLOAD_LINK_S)
      if (error) throw storageDown(error)
      return { url: data.signedUrl, format, bytes, sha256 }
    },
    async size(path) {
      const { data, error } = await bucket.info(path)
      if (data) return data.size ?? null
      if (isNotFound(error)) return null
      throw storageDown(error)
    },
    async upload(path, mayReplace) {
      const { data, error } = await bucket.createSignedUploadUrl(path, { upsert: mayReplace })
      if (error) throw storageDown(error)
      const endpoint = new URL('storage/v1/upload/resumable/sign', withSlash(supabaseUrl)).href
      return {
        path,
        single: { method: 'PUT', url: data.signedUrl },
        resumable: {
          endpoint,
          signature: data.token,
          bucket: ARCHIVE_BUCKET,
          objectName: path,
        },
        expiresInMs: UPLOAD_LINK_MS,
      }
    },
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

/** Storage answers 400 to nearly everything and says in the body what it means. */
function isNotFound(error: object): boolean {
  return 'statusCode' in error && String(error.statusCode) === '404'
}

function storageDown(cause: unknown): VesselError {
  return new VesselError('STORAGE_DOWN', { cause, retryAfterMs: 2_000 })
}
