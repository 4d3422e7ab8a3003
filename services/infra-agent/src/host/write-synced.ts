import { type FileHandle, open, rm } from 'node:fs/promises'

/** Pieces of the network are joined up to this: a write for each would cost more than the bytes. */
const WRITE_BYTES = 1024 * 1024
/** So many bytes at a time go to the disk while the next ones come. */
const SYNC_BYTES = 32 * 1024 * 1024

export type Write = (chunk: Uint8Array) => Promise<void>

/** Makes a file of what `fill` writes. It is on the disk when this resolves, and gone if not. */
export async function writeSynced<R>(file: string, fill: (write: Write) => Promise<R>): Promise<R> {
  const handle = await open(file, 'w', 0o600)
  const writer = new SyncedWriter(handle)
  try {
    const result = await fill((chunk) => writer.write(chunk))
    await writer.finish()
    return result
  } catch (thrown) {
    // Half of it is of no use and fills the disk it may have filled already.
    await writer.abandon()
    await rm(file, { force: true })
    throw thrown
  } finally {
    await handle.close()
  }
}

class SyncedWriter {
  readonly #handle: FileHandle
  #parts: Uint8Array[] = []
  #partsBytes = 0
  #unsyncedBytes = 0
  #syncing: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(chunk: Uint8Array): Promise<void> {
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
