import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Caller, OWNER } from '../db/database.ts'
import { StorageError, storageErrors } from './storage-error.ts'
import type { StorageService, UploadTarget } from './storage-service.ts'
import { UploadLocks } from './upload-locks.ts'
import {
  deleteUpload,
  findUpload,
  insertUpload,
  isFinished,
  takeExpired,
  type UploadRow,
} from './upload-rows.ts'

/** An upload begun and not continued is forgotten after a day, as at hosted Supabase. */
const UPLOAD_LIFETIME_S = 24 * 3_600

export interface UploadState {
  readonly upload: UploadRow
  readonly offset: number
}

/** Whose rights an upload goes by, checked anew on every request. */
export interface UploadRights {
  readonly caller: Caller
  /** Set when a signature decided: only this key may be touched. */
  readonly key: { readonly bucket: string; readonly name: string } | null
}

/** Resumable uploads: TUS 1.0. Bytes are appended to a file of their own until all are there. */
export class TusService {
  readonly #storage: StorageService
  readonly #locks = new UploadLocks()

  constructor(storage: StorageService) {
    this.#storage = storage
  }

  async create(target: UploadTarget, length: number): Promise<UploadState> {
    const bytesMax = await this.#storage.checkUpload(target)
    if (length > bytesMax) throw storageErrors.tooLarge()
    const id = randomUUID()
    const file = await open(this.#pathOf(id), 'wx')
    await file.close()
    const row = {
      ...{ id, bucket_id: target.bucket, name: target.name, owner: target.ownerId },
      ...{ is_upsert: target.isUpsert, length, mime_type: target.mimeType },
      ...{ cache_control: target.cacheControl, user_metadata: target.userMetadata },
    }
    const expired = await this.#storage.run(OWNER, async (tx) => {
      await insertUpload(tx, row, UPLOAD_LIFETIME_S)
      return takeExpired(tx)
    })
    for (const old of expired) await rm(this.#pathOf(old), { force: true })
    const rights = { caller: target.caller, key: null }
    return length === 0
      ? this.state(id, rights)
      : { upload: await this.#find(id, rights), offset: 0 }
  }

  /** How far an upload is. One that has every byte but was cut off at its end is finished now. */
  async state(id: string, rights: UploadRights): Promise<UploadState> {
    const upload = await this.#find(id, rights)
    return this.#locks.run(id, async () => {
      if (await this.#storage.run(OWNER, (tx) => isFinished(tx, id))) {
        return { upload, offset: upload.length }
      }
      const offset = await this.#sizeOf(id)
      if (offset === upload.length) await this.#finish(upload, rights)
      return { upload, offset }
    })
  }

  async append(
    id: string,
    rights: UploadRights,
    part: { stream: Readable; offset: number; signal: AbortSignal },
  ): Promise<UploadState> {
    const upload = await this.#find(id, rights)
    return this.#locks.run(id, async (superseded) => {
      const offset = await this.#sizeOf(id)
      const isDone = await this.#storage.run(OWNER, (tx) => isFinished(tx, id))
      if (isDone || offset !== part.offset) throw offsetConflict()
      const signal = AbortSignal.any([superseded, part.signal])
      await this.#write(upload, { ...part, signal })
      const reached = await this.#sizeOf(id)
      if (reached === upload.length) await this.#finish(upload, rights)
      return { upload, offset: reached }
    })
  }

  async terminate(id: string, rights: UploadRights): Promise<void> {
    await this.#find(id, rights)
    await this.#locks.run(id, async () => {
      await this.#storage.run(OWNER, (tx) => deleteUpload(tx, id))
      await rm(this.#pathOf(id), { force: true })
    })
  }

  async #find(id: string, rights: UploadRights): Promise<UploadRow> {
    const upload = await this.#storage.run(OWNER, (tx) => findUpload(tx, id))
    const { sub } = rights.caller.claims
    const isOwn = rights.caller.role !== 'authenticated' || sub === upload.owner
    const isSigned =
      rights.key === null ||
      (rights.key.bucket === upload.bucket_id && rights.key.name === upload.name)
    if (!isOwn || !isSigned) throw storageErrors.noSuchUpload()
    if (upload.is_expired) {
      throw new StorageError(410, 'NoSuchUpload', {
        title: 'expired',
        message: 'The file for this url no longer exists',
      })
    }
    return upload
  }

  async #write(
    upload: UploadRow,
    part: { stream: Readable; offset: number; signal: AbortSignal },
  ): Promise<void> {
    let room = upload.length - part.offset
    const limit = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        room -= chunk.length
        done(room < 0 ? storageErrors.tooLarge() : null, chunk)
      },
    })
    const file = createWriteStream(this.#pathOf(upload.id), { flags: 'a', flush: true })
    try {
      await pipeline(part.stream, limit, file, { signal: part.signal })
    } finally {
      // A write under way goes on after an abort. Until the file is closed its size may still grow,
      // and the next part would begin in the wrong place.
      if (!file.closed) await once(file, 'close')
    }
  }

  async #finish(upload: UploadRow, rights: UploadRights): Promise<void> {
    const target: UploadTarget = {
      bucket: upload.bucket_id,
      name: upload.name,
      caller: rights.caller,
      ownerId: upload.owner,
      isUpsert: upload.is_upsert,
      mimeType: upload.mime_type,
      cacheControl: upload.cache_control,
      userMetadata: upload.user_metadata,
    }
    const draft = await this.#storage.files.adopt(this.#pathOf(upload.id))
    await this.#storage.commit(target, draft, upload.id)
  }

  async #sizeOf(id: string): Promise<number> {
    const info = await stat(this.#pathOf(id)).catch(() => null)
    if (info === null) throw storageErrors.noSuchUpload()
    return info.size
  }

  #pathOf(id: string): string {
    return join(this.#storage.files.uploads, id)
  }
}

function offsetConflict(): StorageError {
  return new StorageError(409, 'InvalidUploadOffset', {
    title: 'conflict',
    message: 'Upload-Offset conflict',
  })
}
