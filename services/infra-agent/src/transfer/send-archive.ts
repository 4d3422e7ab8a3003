import { RESUMABLE_ABOVE_BYTES } from '@vessel/proto/archive'
import type { SessionId } from '@vessel/proto/ids'
import type { UploadUrlReply } from '@vessel/proto/requests/upload-url'
import type { ArchiveReader } from '../vm/ports.ts'
import { formatOf, type PendingArchive } from '../vm/record.ts'
import { refusalOf, send } from './put.ts'
import { uploadResumable } from './tus.ts'

/** Addresses of uploads that were begun. Lost with the agent, then an upload begins anew. */
export type Unfinished = Map<SessionId, { readonly sha256: string; readonly address: string }>

export interface Sending {
  readonly session: SessionId
  readonly pending: PendingArchive
  readonly archive: ArchiveReader
  readonly target: UploadUrlReply
}
export interface SendWatch {
  readonly onBytes: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/** Brings an archive to the file store, once: a large one goes on where an earlier try ended. */
export async function sendArchive(
  { session, pending, archive, target }: Sending,
  unfinished: Unfinished,
  watch: SendWatch,
): Promise<void> {
  const { sha256, bytes } = pending
  const contentType = formatOf(pending) === 'zip' ? 'application/zip' : 'application/zstd'
  if (bytes <= RESUMABLE_ABOVE_BYTES || !target.resumable) {
    return putWhole({ archive, bytes, contentType }, target, watch)
  }
  const known = unfinished.get(session)
  await uploadResumable(
    { archive, bytes, contentType, target: target.resumable, ...watch },
    {
      get: () => (known?.sha256 === sha256 ? known.address : null),
      set: (address) => {
        if (address) unfinished.set(session, { sha256, address })
      },
    },
  )
  unfinished.delete(session)
}

/**
 * "Already exists" means that an earlier try arrived after all; the commit checks what is there.
 */
const ALREADY_STORED = 409

async function putWhole(
  upload: { archive: ArchiveReader; bytes: number; contentType: string },
  target: UploadUrlReply,
  watch: SendWatch,
): Promise<void> {
  const answer = await send({
    ...target.single,
    headers: { 'content-type': upload.contentType, 'x-upsert': 'false' },
    body: { archive: upload.archive, from: 0, bytes: upload.bytes },
    onBytes: (sent) => watch.onBytes(sent, upload.bytes),
    signal: watch.signal,
  })
  const isThere = /"(Duplicate|409)"|already exists/i.test(answer.text)
  if (answer.status === ALREADY_STORED || (answer.status === 400 && isThere)) return
  if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
}
