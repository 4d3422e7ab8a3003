import type { SupabaseClient } from '@supabase/supabase-js'
import { ARCHIVE_BUCKET } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'

/** The store is near; slower than this for the largest import is a broken connection. */
const UPLOAD_TIMEOUT_MS = 300_000
/** A browser begins a download at once. */
const LINK_S = 300

export interface ArchiveObjects {
  /** Stores an object under a key that was never used. */
  put(path: string, content: Blob, signal?: AbortSignal): Promise<void>
  remove(path: string): Promise<void>
  /** A link for a browser, which saves it under the name given. */
  link(path: string, fileName: string): Promise<{ url: string; expiresInMs: number }>
}

export function createArchiveObjects(db: SupabaseClient): ArchiveObjects {
  const bucket = db.storage.from(ARCHIVE_BUCKET)
  return {
    async put(path, content, signal) {
      const { data, error } = await bucket.createSignedUploadUrl(path)
      if (error) throw storageDown(error)
      // Not through the client: its deadline is that of a question, not of a file.
      await send(data.signedUrl, content, signal)
    },
    async remove(path) {
      const { error } = await bucket.remove([path])
      if (error) throw storageDown(error)
    },
    async link(path, fileName) {
      const { data, error } = await bucket.createSignedUrl(path, LINK_S, { download: fileName })
      if (error) throw storageDown(error)
      return { url: data.signedUrl, expiresInMs: LINK_S * 1_000 }
    },
  }
}

async function send(url: string, content: Blob, signal: AbortSignal | undefined): Promise<void> {
  const timeout = AbortSignal.timeout(UPLOAD_TIMEOUT_MS)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/zip' },
      body: content,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  } catch (cause) {
    throw storageDown(cause)
  }
  const text = await response.text()
  if (response.ok) return
  // Storage says in the body what it means; the status is 400 for nearly everything.
  if (response.status === 413 || /"statusCode":\s*"413"/.test(text)) {
    throw new VesselError('BODY_TOO_LARGE', { detail: 'The file store takes no file this large.' })
  }
  throw storageDown(new Error(`upload was answered ${response.status}: ${text.slice(0, 300)}`))
}

function storageDown(cause: unknown): VesselError {
  return new VesselError('STORAGE_DOWN', { cause, retryAfterMs: 2_000 })
}
