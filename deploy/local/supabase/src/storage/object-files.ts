import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { storageErrors } from './storage-error.ts'

/** A body on disk that no row names yet. */
export interface Draft {
  readonly path: string
  readonly bytes: number
  readonly md5: string
}

export interface ReceiveLimits {
  readonly bytesMax: number
  /** What the client announced; fewer bytes mean that it broke off. */
  readonly bytesExpected: number | null
  readonly signal: AbortSignal
}

/** Two letters of the version, so that no folder grows too long. */
function shard(version: string): string {
  return version.slice(0, 2)
}

async function syncPath(path: string): Promise<void> {
  let handle: FileHandle | null = null
  try {
    handle = await open(path, 'r')
    await handle.sync()
  } finally {
    await handle?.close()
  }
}

/**
 * The bodies of objects: one immutable file for each upload, named by a version of ours and never
 * by the client. A row in the database makes it an object; a file without a row is rubbish.
 */
export class ObjectFiles {
  readonly #objects: string
  readonly #drafts: string
  readonly uploads: string

  constructor(dataDir: string) {
    this.#objects = join(dataDir, 'objects')
    this.#drafts = join(dataDir, 'drafts')
    this.uploads = join(dataDir, 'uploads')
  }

  async prepare(): Promise<void> {
    await rm(this.#drafts, { recursive: true, force: true })
    for (const folder of [this.#objects, this.#drafts, this.uploads]) {
      await mkdir(folder, { recursive: true })
    }
  }

  /** Streams a body to disk and makes it durable. On any fault nothing is left. */
  async receive(body: Readable, limits: ReceiveLimits): Promise<Draft> {
    const path = join(this.#drafts, randomUUID())
    const md5 = createHash('md5')
    let bytes = 0
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        md5.update(chunk)
        done(bytes > limits.bytesMax ? storageErrors.tooLarge() : null, chunk)
      },
    })
    try {
      await pipeline(body, meter, createWriteStream(path, { flush: true }), {
        signal: limits.signal,
      })
      const isShort = limits.bytesExpected !== null && bytes !== limits.bytesExpected
      if (isShort) throw storageErrors.incomplete()
      return { path, bytes, md5: md5.digest('hex') }
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /** Hashes a file that was written in pieces. */
  async adopt(path: string): Promise<Draft> {
    const md5 = createHash('md5')
    let bytes = 0
    for await (const chunk of createReadStream(path)) {
      bytes += (chunk as Buffer).length
      md5.update(chunk as Buffer)
    }
    await syncPath(path)
    return { path, bytes, md5: md5.digest('hex') }
  }

  async publish(draft: Draft, version: string): Promise<void> {
    const folder = join(this.#objects, shard(version))
    await mkdir(folder, { recursive: true })
    await rename(draft.path, join(folder, version))
    await syncPath(folder)
  }

  async discard(draft: Draft): Promise<void> {
    await rm(draft.path, { force: true })
  }

  async remove(version: string): Promise<void> {
    await rm(this.#pathOf(version), { force: true })
  }

  /** `end` is inclusive, as in HTTP. */
  read(version: string, range: { start: number; end: number } | null): ReadStream {
    return createReadStream(this.#pathOf(version), range ?? {})
  }

  async copy(version: string): Promise<Draft> {
    const path = join(this.#drafts, randomUUID())
    await pipeline(
      createReadStream(this.#pathOf(version)),
      createWriteStream(path, { flush: true }),
    )
    return this.adopt(path)
  }

  async sizeOf(version: string): Promise<number | null> {
    const info = await stat(this.#pathOf(version)).catch(() => null)
    return info?.size ?? null
  }

  /** Removes the files that no row names: what a crash left between file and row. */
  async sweep(isKnown: (version: string) => boolean): Promise<number> {
    let removed = 0
    for (const folder of await readdir(this.#objects)) {
      for (const version of await readdir(join(this.#objects, folder))) {
        if (isKnown(version)) continue
        await this.remove(version)
        removed += 1
      }
    }
    return removed
  }

  /** The same for uploads that nobody can continue. */
  async sweepUploads(isKnown: (id: string) => boolean): Promise<void> {
    for (const id of await readdir(this.uploads)) {
      if (!isKnown(id)) await rm(join(this.uploads, id), { force: true })
    }
  }

  #pathOf(version: string): string {
    return join(this.#objects, shard(version), version)
  }
}
