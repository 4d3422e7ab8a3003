import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import type { NewFiles } from './new-files.ts'
import type { Upload } from './ports.ts'
import { inspectZip } from './zip/inspect-zip.ts'

/** Receives a zip into a file of its own, checks it whole, and lends it out; then it is gone. */
export async function receiveZip<T>(
  upload: Upload,
  use: (files: NewFiles) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-import-'))
  try {
    const path = join(folder, 'import.zip')
    const { bytes, sha256 } = await receive(upload, path)
    const { entries, unpackedBytes } = await inspectZip(path, upload.signal)
    const content = await openAsBlob(path)
    return await use({ content, bytes, sha256, entries, unpackedBytes })
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
