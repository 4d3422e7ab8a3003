import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Caller, type Database, OWNER, type Transaction } from '../db/database.ts'
import type { Draft, ObjectFiles } from './object-files.ts'
import { checkObjectName } from './object-name.ts'
import {
  type BucketRow,
  findBucket,
  findObject,
  insertObject,
  type NewObject,
  type ObjectMetadata,
  type ObjectRow,
  ownerOf,
  toStorageError,
  upsertObject,
} from './object-rows.ts'
import { StorageError, storageErrors } from './storage-error.ts'
import type { UploadGrant, UrlTokens } from './url-tokens.ts'

export interface ObjectKey {
  readonly bucket: string
  readonly name: string
}

/** Everything about an upload but its bytes. */
export interface UploadTarget extends ObjectKey {
  /** Whose rights the row is written with: a person's, or ours where a signature decided. */
  readonly caller: Caller
  readonly ownerId: string | null
  readonly isUpsert: boolean
  readonly mimeType: string
  readonly cacheControl: string
  readonly userMetadata: Readonly<Record<string, unknown>> | null
}

export interface UploadBody {
  readonly stream: Readable
  readonly bytesExpected: number | null
  readonly signal: AbortSignal
}

export interface StorageDeps {
  readonly database: Database
  readonly files: ObjectFiles
  readonly tokens: UrlTokens
  readonly fileBytesMax: number
  readonly uploadUrlLifetimeS: number
  readonly now: () => number
}

export class StorageService {
  readonly #deps: StorageDeps

  constructor(deps: StorageDeps) {
    this.#deps = deps
  }

  get files(): ObjectFiles {
    return this.#deps.files
  }

  /** Runs on behalf of a caller and answers in Storage's errors. */
  async run<T>(caller: Caller, work: (tx: Transaction) => Promise<T>, isTrial = false): Promise<T> {
    try {
      return await this.#deps.database.transaction(caller, work, { isTrial })
    } catch (error) {
      throw toStorageError(error)
    }
  }

  /** Would this upload be allowed? Asked before the first byte is taken. Answers its size limit. */
  async checkUpload(target: UploadTarget): Promise<number> {
    checkObjectName(target.name)
    const bucket = await this.run(OWNER, (tx) => findBucket(tx, target.bucket))
    checkMimeType(bucket, target.mimeType)
    await this.run(
      target.caller,
      async (tx) => {
        const trial = newObject(target, 'trial', null)
        await (target.isUpsert ? upsertObject(tx, trial) : insertObject(tx, trial))
      },
      true,
    )
    return Math.min(bucket.file_size_limit ?? Number.POSITIVE_INFINITY, this.#deps.fileBytesMax)
  }

  async upload(target: UploadTarget, body: UploadBody): Promise<ObjectRow> {
    const bytesMax = await this.checkUpload(target)
    if (body.bytesExpected !== null && body.bytesExpected > bytesMax) throw storageErrors.tooLarge()
    const draft = await this.#deps.files.receive(body.stream, { ...body, bytesMax })
    return this.commit(target, draft)
  }

  /** Makes a draft an object. The row is the commit: before it, nothing; after it, all of it. */
  async commit(
    target: UploadTarget,
    draft: Draft,
    version: string = randomUUID(),
  ): Promise<ObjectRow> {
    const { files, now } = this.#deps
    await files.publish(draft, version)
    const object = newObject(target, version, {
      eTag: `"${draft.md5}"`,
      size: draft.bytes,
      mimetype: target.mimeType,
      cacheControl: target.cacheControl,
      lastModified: new Date(now()).toISOString(),
      contentLength: draft.bytes,
      httpStatusCode: 200,
    })
    try {
      const before = await this.run(target.caller, async (tx) => {
        const replaced = target.isUpsert ? await findObject(tx, target) : null
        await (target.isUpsert ? upsertObject(tx, object) : insertObject(tx, object))
        return replaced
      })
      if (before !== null) await files.remove(before.version)
    } catch (error) {
      // Only a clear refusal proves that no row names the file. After anything else it stays, and
      // the next start removes it if it is rubbish.
      if (error instanceof StorageError) await files.remove(version)
      throw error
    }
    return this.find(OWNER, target)
  }

  async find(caller: Caller, key: ObjectKey): Promise<ObjectRow> {
    const row = await this.run(caller, async (tx) => {
      const found = await findObject(tx, key)
      if (found === null && caller === OWNER) await findBucket(tx, key.bucket)
      return found
    })
    if (row === null) throw storageErrors.noSuchKey()
    return row
  }

  async findPublic(key: ObjectKey): Promise<ObjectRow> {
    const bucket = await this.run(OWNER, (tx) => findBucket(tx, key.bucket))
    if (!bucket.public) throw storageErrors.noSuchBucket()
    return this.find(OWNER, key)
  }

  async signDownload(caller: Caller, key: ObjectKey, lifetimeS: number): Promise<string> {
    await this.find(caller, key)
    const token = await this.#deps.tokens.signDownload(key, lifetimeS)
    return `/object/sign/${encodePath(key)}?token=${token}`
  }

  async findSigned(token: string, key: ObjectKey): Promise<ObjectRow> {
    await this.#deps.tokens.checkDownload(token, key)
    return this.find(OWNER, key)
  }

  async signUpload(
    caller: Caller,
    key: ObjectKey,
    isUpsert: boolean,
  ): Promise<{ url: string; token: string }> {
    const ownerId = ownerOf(caller)
    await this.checkUpload({ ...plainTarget(caller, key), ownerId, isUpsert })
    const grant = { ...key, ownerId, isUpsert }
    const token = await this.#deps.tokens.signUpload(grant, this.#deps.uploadUrlLifetimeS)
    return { url: `/object/upload/sign/${encodePath(key)}?token=${token}`, token }
  }

  openUploadToken(token: string): Promise<UploadGrant> {
    return this.#deps.tokens.openUpload(token)
  }

  /** Removes what the caller may remove and answers exactly that. */
  async remove(caller: Caller, bucket: string, names: readonly string[]): Promise<ObjectRow[]> {
    const removed = await this.run(caller, async (tx) => {
      const rows: ObjectRow[] = []
      for (const name of names) {
        const row = await findObject(tx, { bucket, name })
        if (row === null) continue
        const count = await tx.execute(
          'delete from storage.objects where bucket_id = $1 and name = $2',
          [bucket, name],
        )
        if (count > 0) rows.push(row)
      }
      return rows
    })
    for (const row of removed) await this.#deps.files.remove(row.version)
    return removed
  }

  async rename(caller: Caller, from: ObjectKey, to: ObjectKey): Promise<void> {
    checkObjectName(to.name)
    const count = await this.run(caller, (tx) =>
      tx.execute(
        `update storage.objects set bucket_id = $3, name = $4, updated_at = now()
         where bucket_id = $1 and name = $2`,
        [from.bucket, from.name, to.bucket, to.name],
      ),
    )
    if (count === 0) throw storageErrors.noSuchKey()
  }

  async copy(
    caller: Caller,
    from: ObjectKey,
    to: ObjectKey & { isUpsert: boolean },
  ): Promise<ObjectRow> {
    const source = await this.find(caller, from)
    const target: UploadTarget = {
      ...plainTarget(caller, to),
      isUpsert: to.isUpsert,
      mimeType: source.metadata?.mimetype ?? 'application/octet-stream',
      cacheControl: source.metadata?.cacheControl ?? 'no-cache',
      userMetadata: source.user_metadata,
    }
    await this.checkUpload(target)
    return this.commit(target, await this.#deps.files.copy(source.version))
  }
}

function plainTarget(caller: Caller, key: ObjectKey): UploadTarget {
  return {
    bucket: key.bucket,
    name: key.name,
    caller,
    ownerId: ownerOf(caller),
    isUpsert: false,
    mimeType: '',
    cacheControl: 'no-cache',
    userMetadata: null,
  }
}

function newObject(
  target: UploadTarget,
  version: string,
  metadata: ObjectMetadata | null,
): NewObject {
  const { bucket, name, ownerId, userMetadata } = target
  return { bucket, name, version, ownerId, metadata, userMetadata }
}

/** `''` stands for a type not known yet: when a URL is signed, before there is a body. */
function checkMimeType(bucket: BucketRow, mimeType: string): void {
  const allowed = bucket.allowed_mime_types
  if (allowed === null || allowed.length === 0 || mimeType === '') return
  const isAllowed = allowed.some(
    (type) => type === mimeType || type === '*/*' || type === `${mimeType.split('/')[0]}/*`,
  )
  if (!isAllowed) throw storageErrors.mimeType(mimeType)
}

export function encodePath(key: ObjectKey): string {
  return [key.bucket, ...key.name.split('/')].map(encodeURIComponent).join('/')
}
