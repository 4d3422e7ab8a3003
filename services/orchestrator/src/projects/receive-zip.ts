import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import type { UserId } from '@vessel/proto/ids'
import type { NewFiles } from './new-files.ts'
import type { Upload } from './ports.ts'
import { inspectZip } from './zip/inspect-zip.ts'

/** Each takes disk for its file and a processor for its check. */
const AT_ONCE_MAX = 8
/** So that a few slow uploads of one are not everybody's wait. */
const AT_ONCE_OF_USER_MAX = 2
const RETRY_AFTER_MS = 5_000

export type ZipReceiver = <T>(
  userId: UserId,
  upload: Upload,
  use: (files: NewFiles) => Promise<T>,
) => Promise<T>

/** Receives a zip into a file of its own, checks it whole, and lends it out; then it is gone. */
export function createZipReceiver(): ZipReceiver {
  const underWay: UserId[] = []
  return async (userId, upload, use) => {
    const ofUser = underWay.filter((id) => id === userId).length
    if (underWay.length >= AT_ONCE_MAX || ofUser >= AT_ONCE_OF_USER_MAX) {
      throw new VesselError('OVERLOADED', { retryAfterMs: RETRY_AFTER_MS })
    }
    underWay.push(userId)
    try {
      return await withFolder(async (folder) => {
        const path = join(folder, 'import.zip')
        const received = await receive(upload, path)
        const facts = await inspectZip(path, upload.signal)
        return use({ ...received, ...facts, content: await openAsBlob(path) })
      })
    } finally {
      underWay.splice(underWay.indexOf(userId), 1)
    }
  }
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-import-'))
  try {
    return await use(folder)
  } catch (thrown) {
    const isFull = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC'
    throw isFull ? new VesselError('DISK_FULL', { cause: thrown }) : thrown
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function receive({ bytes, bytesMax, signal }: Upload, path: string) {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  let received = 0
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted()
      received += chunk.byteLength
      if (received > bytesMax) {
        const detail = `An import may have up to ${bytesMax} bytes.`
        throw new VesselError('BODY_TOO_LARGE', { detail })
      }
      hash.update(chunk)
      await file.writeFile(chunk)
    }
  } finally {
    await file.close()
  }
  return { bytes: received, sha256: hash.digest('hex') }
}
