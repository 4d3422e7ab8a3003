import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'

/** Pieces of the network are joined up to this: a write for each would cost more than the bytes. */
const WRITE_BYTES = 1024 * 1024
/** So many bytes at a time go to the disk while the next ones come. */
const SYNC_BYTES = 32 * 1024 * 1024

export interface Stored {
  readonly sha256: string
  readonly bytes: number
}

/** Stores what comes in a file. Resolves when it is on the disk; rejects when there is no file. */
export async function storeAnswer(
  answer: AsyncIterable<Buffer>,
  file: string,
  onBytes: (bytes: number) => void,
): Promise<Stored> {
  const hash = createHash('sha256')
  const handle = await open(file, 'w', 0o600)
  const writer = new SyncedWriter(handle)
  let bytes = 0
  try {
    for await (const chunk of answer) {
      hash.update(chunk)
      bytes += chunk.length
      await writer.write(chunk)
      onBytes(bytes)
    }
    await writer.finish()
  } catch (thrown) {
    // Half an archive is of no use and fills the disk it may have filled already.
    await writer.abandon()
    await rm(file, { force: true })
    throw thrown
  } finally {
    await handle.close()
  }
  return { sha256: hash.digest('hex'), bytes }
}

class SyncedWriter {
  readonly #handle: FileHandle
  #parts: Buffer[] = []
  #partsBytes = 0
  #unsyncedBytes = 0
  #syncing: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(chunk: Buffer): Promise<void> {
    this.#parts.push(chunk)
    this.#partsBytes += chunk.length
    if (this.#partsBytes < WRITE_BYTES) return
    await this.#flush()
    if (this.#unsyncedBytes < SYNC_BYTES) return
    this.#unsyncedBytes = 0
    await this.#syncing
    this.#syncing = this.#handle.datasync()
    // Its failure is thrown when it is waited for; until then it must not count as unhandled.
    this.#syncing.catch(() => undefined)
  }

  async finish(): Promise<void> {
    await this.#flush()
    await this.#syncing
    await this.#handle.sync()
  }

  /** The handle may be closed afterwards. */
  async abandon(): Promise<void> {
    await this.#syncing.catch(() => undefined)
  }

  async #flush(): Promise<void> {
    const joined = Buffer.concat(this.#parts)
    this.#parts = []
    this.#unsyncedBytes += this.#partsBytes
    this.#partsBytes = 0
    await this.#handle.writeFile(joined)
  }
}
