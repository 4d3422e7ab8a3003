import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { writeSynced } from '../host/write-synced.ts'
import { checkBytes } from './check-bytes.ts'
import type { Piece } from './pieces.ts'

/** What came from a machine, on the disk of its host. */
export interface Stored {
  /** Of what was sent: by it the sender's word is checked. */
  readonly sentSha256: string
  readonly sha256: string
  readonly bytes: number
  readonly pieces: readonly Piece[]
}

/** Stores an archive that comes whole. Resolves when it is on the disk. */
export async function storeWhole(
  answer: AsyncIterable<Buffer>,
  file: string,
  onBytes: (bytes: number) => void,
): Promise<Stored> {
  const hash = createHash('sha256')
  let bytes = 0
  await writeSynced(file, async (write) => {
    for await (const chunk of answer) {
      hash.update(chunk)
      bytes += chunk.length
      checkBytes(bytes)
      await write(chunk)
      onBytes(bytes)
    }
  })
  const sha256 = hash.digest('hex')
  const pieces = [{ file: basename(file), from: 0, bytes }]
  return { sentSha256: sha256, sha256, bytes, pieces }
}
