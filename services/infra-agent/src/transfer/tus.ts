import { VesselError } from '@vessel/proto/errors'
import type { UploadUrlReply } from '@vessel/proto/requests/upload-url'
import type { ArchiveReader } from '../vm/ports.ts'
import { refusalOf, type SendAnswer, send } from './put.ts'

/** Supabase takes resumable uploads in chunks of exactly this size, the last one apart. */
const CHUNK_BYTES = 6 * 1024 * 1024
const TUS = { 'tus-resumable': '1.0.0' }

export interface TusUpload {
  readonly archive: ArchiveReader
  readonly bytes: number
  readonly contentType: string
  readonly target: NonNullable<UploadUrlReply['resumable']>
  readonly onBytes: (done: number, total: number) => void
  readonly signal: AbortSignal
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function header(answer: SendAnswer, name: string): string | null {
  const value = answer.headers[name]
  return typeof value === 'string' ? value : null
}

/**
 * Sends an archive in chunks. `known` is the address of an upload that was begun before: it goes on
 * from the offset the store names, so a broken connection costs one chunk.
 */
export async function uploadResumable(
  upload: TusUpload,
  known: { get(): string | null; set(address: string | null): void },
): Promise<void> {
  let address = known.get()
  let offset = address === null ? null : await offsetOf(upload, address)
  if (address === null || offset === null) {
    address = await create(upload)
    known.set(address)
    offset = 0
  }
  while (offset < upload.bytes) {
    upload.signal.throwIfAborted()
    offset = await sendChunk(upload, address, offset)
    upload.onBytes(offset, upload.bytes)
  }
}

async function create(upload: TusUpload): Promise<string> {
  const { target } = upload
  const metadata = [
    `bucketName ${base64(target.bucket)}`,
    `objectName ${base64(target.objectName)}`,
    `contentType ${base64(upload.contentType)}`,
  ].join(',')
  const answer = await send({
    method: 'POST',
    url: target.endpoint,
    headers: {
      ...TUS,
      'x-signature': target.signature,
      'upload-length': String(upload.bytes),
      'upload-metadata': metadata,
    },
    signal: upload.signal,
  })
  const location = header(answer, 'location')
  if (answer.status !== 201 || location === null) throw refusalOf(answer)
  const address = new URL(location, target.endpoint)
  // The file goes where the orchestrator said, whatever the answer claims.
  if (address.origin !== new URL(target.endpoint).origin) {
    throw new VesselError('UPLOAD_FAILED', { detail: 'the file store pointed to another host' })
  }
  return address.href
}

/** Null when the store does not know this upload any more. */
async function offsetOf(upload: TusUpload, address: string): Promise<number | null> {
  const answer = await send({
    method: 'HEAD',
    url: address,
    headers: { ...TUS, 'x-signature': upload.target.signature },
    signal: upload.signal,
  })
  if (answer.status === 404 || answer.status === 410) return null
  if (answer.status !== 200 && answer.status !== 204) throw refusalOf(answer)
  return readOffset(answer, upload.bytes)
}

async function sendChunk(upload: TusUpload, address: string, offset: number): Promise<number> {
  const bytes = Math.min(CHUNK_BYTES, upload.bytes - offset)
  const answer = await send({
    method: 'PATCH',
    url: address,
    headers: {
      ...TUS,
      'x-signature': upload.target.signature,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    },
    body: { archive: upload.archive, from: offset, bytes },
    onBytes: (sent) => upload.onBytes(offset + sent, upload.bytes),
    signal: upload.signal,
  })
  if (answer.status !== 204 && answer.status !== 200) throw refusalOf(answer)
  const reached = readOffset(answer, upload.bytes)
  if (reached <= offset) {
    throw new VesselError('STORAGE_DOWN', { detail: 'the file store took nothing of a chunk' })
  }
  return reached
}

function readOffset(answer: SendAnswer, bytes: number): number {
  const offset = Number(header(answer, 'upload-offset'))
  if (Number.isInteger(offset) && offset >= 0 && offset <= bytes) return offset
  throw new VesselError('UPLOAD_FAILED', { detail: 'the file store named no valid offset' })
}
