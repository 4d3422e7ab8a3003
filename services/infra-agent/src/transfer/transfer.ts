import { copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { RESUMABLE_ABOVE_BYTES } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { SessionId } from '@vessel/proto/ids'
import type { UploadUrlReply } from '@vessel/proto/requests/upload-url'
import type { Paths } from '../paths.ts'
import type { Clock, Orchestrator, Transfer } from '../vm/ports.ts'
import { type PendingArchive, placeOf, type VmRecord } from '../vm/record.ts'
import { downloadArchive, isArchiveFile } from './download.ts'
import { refusalOf, send } from './put.ts'
import { uploadResumable } from './tus.ts'

export interface TransferDeps {
  readonly paths: Paths
  readonly clock: Clock
  readonly orchestrator: Orchestrator
}

/** Tries of one step before it fails; the plan as a whole is then tried again later. */
const TRIES_MAX = 5
const RETRY_MS_FIRST = 250
const RETRY_MS_MAX = 4_000

type Watch = { onBytes: (done: number, total: number) => void; signal: AbortSignal }

export function createTransfer(deps: TransferDeps): Transfer {
  // Addresses of unfinished uploads. Lost with the agent, then the upload begins anew.
  const unfinished = new Map<SessionId, { sha256: string; address: string }>()

  async function retrying<T>(signal: AbortSignal, work: (attempt: number) => Promise<T>) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(attempt)
      } catch (thrown) {
        signal.throwIfAborted()
        if (attempt >= TRIES_MAX) throw thrown
        await deps.clock.sleep(Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** attempt), signal)
      }
    }
  }

  async function uploadOnce(record: VmRecord, pending: PendingArchive, watch: Watch) {
    const { session, epoch } = record
    const format = formatOf(pending.file)
    // Asked anew each time: the answer renews a signature that ran out.
    const target = await deps.orchestrator.ask(
      'upload-url',
      { session, epoch, seq: pending.seq, sha256: pending.sha256, bytes: pending.bytes, format },
      watch.signal,
    )
    if (target.isStored) return target.path
    const file = deps.paths.packed(placeOf(record), pending.file)
    const contentType = format === 'zip' ? 'application/zip' : 'application/zstd'
    if (pending.bytes > RESUMABLE_ABOVE_BYTES && target.resumable) {
      const resumable = target.resumable
      const known = unfinished.get(session)
      await uploadResumable(
        { file, bytes: pending.bytes, contentType, target: resumable, ...watch },
        {
          get: () => (known?.sha256 === pending.sha256 ? known.address : null),
          set: (address) => {
            if (address) unfinished.set(session, { sha256: pending.sha256, address })
          },
        },
      )
      unfinished.delete(session)
    } else await putWhole({ target, file, bytes: pending.bytes, contentType }, watch)
    return target.path
  }

  return {
    async isDownloaded(record, file) {
      return record.archive === null || isArchiveFile(file, record.archive)
    },

    async download(record, file, watch) {
      if (record.archive === null) return
      // Only a session started by hand may name a file of this host.
      if (record.local) return copyFile(fileURLToPath(record.archive.url), file)
      let source = record.archive
      await retrying(watch.signal, async (attempt) => {
        if (attempt > 1) source = await renewedSource(deps.orchestrator, record, watch.signal)
        await downloadArchive(source, file, watch)
      })
    },

    async upload(record, watch) {
      const { pending } = record
      if (!pending) throw new VesselError('INTERNAL', { detail: 'nothing is packed' })
      return retrying(watch.signal, () => uploadOnce(record, pending, watch))
    },
  }
}

const formatOf = (file: string) => (file.endsWith('.tar.zst') ? 'tar.zst' : 'zip')

/** The same archive under a new signature; another archive would be another start. */
async function renewedSource(
  orchestrator: Orchestrator,
  record: VmRecord,
  signal: AbortSignal,
): Promise<NonNullable<VmRecord['archive']>> {
  const { session, epoch, archive } = record
  if (archive === null) throw new VesselError('INTERNAL', { detail: 'there is no archive' })
  try {
    const renewed = (await orchestrator.ask('download-url', { session, epoch }, signal)).archive
    return renewed?.sha256 === archive.sha256 ? renewed : archive
  } catch {
    // The old URL may still work; the download says so itself.
    signal.throwIfAborted()
    return archive
  }
}

/**
 * "Already exists" means that an earlier try arrived after all; the commit checks what is there.
 */
const ALREADY_STORED = 409

async function putWhole(
  upload: { target: UploadUrlReply; file: string; bytes: number; contentType: string },
  watch: Watch,
): Promise<void> {
  const answer = await send({
    ...upload.target.single,
    headers: { 'content-type': upload.contentType, 'x-upsert': 'false' },
    body: { file: upload.file, from: 0, bytes: upload.bytes },
    onBytes: (sent) => watch.onBytes(sent, upload.bytes),
    signal: watch.signal,
  })
  const isThere = /"(Duplicate|409)"|already exists/i.test(answer.text)
  if (answer.status === ALREADY_STORED || (answer.status === 400 && isThere)) return
  if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
}
