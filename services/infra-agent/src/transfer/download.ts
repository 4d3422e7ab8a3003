import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import type { ArchiveSource } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'

export interface DownloadWatch {
  readonly onBytes: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/**
 * Whether the file is the archive, in full: its bytes are counted and hashed, not its word taken.
 */
export async function isArchiveFile(file: string, source: ArchiveSource): Promise<boolean> {
  const size = await stat(file).then(
    (found) => found.size,
    () => -1,
  )
  if (size !== source.bytes) return false
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex') === source.sha256
}

/** Fetches an archive once. The caller decides whether to try again, and with which URL. */
export async function downloadArchive(
  source: ArchiveSource,
  file: string,
  watch: DownloadWatch,
): Promise<void> {
  const response = await fetch(source.url, { redirect: 'error', signal: watch.signal })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    const detail = `the file store answered ${response.status}`
    throw new VesselError(response.status >= 500 ? 'STORAGE_DOWN' : 'DOWNLOAD_FAILED', { detail })
  }
  let done = 0
  const handle = await open(file, 'w', 0o600)
  try {
    for await (const chunk of response.body) {
      done += chunk.length
      // The host's disk is not filled by a store that sends more than it announced.
      if (done > source.bytes) break
      await handle.writeFile(chunk)
      watch.onBytes(done, source.bytes)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (await isArchiveFile(file, source)) return
  await rm(file, { force: true })
  throw new VesselError('ARCHIVE_MISMATCH', {
    detail: `${done} bytes arrived of ${source.bytes}, or others than were stored`,
  })
}
