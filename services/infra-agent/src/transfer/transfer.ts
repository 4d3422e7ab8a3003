import { copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { VesselError } from '@vessel/proto/errors'
import type { Clock, Orchestrator, PackedFiles, Transfer } from '../vm/ports.ts'
import { formatOf, type PendingArchive, placeOf, type VmRecord } from '../vm/record.ts'
import { downloadArchive, isArchiveFile } from './download.ts'
import { type SendWatch, sendArchive, type Unfinished } from './send-archive.ts'

export interface TransferDeps {
  readonly packed: PackedFiles
  readonly clock: Clock
  readonly orchestrator: Orchestrator
}

/** Tries of one step before it fails; the plan as a whole is then tried again later. */
const TRIES_MAX = 5
const RETRY_MS_FIRST = 250
const RETRY_MS_MAX = 4_000

export function createTransfer(deps: TransferDeps): Transfer {
  const unfinished: Unfinished = new Map()

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

  async function uploadOnce(record: VmRecord, pending: PendingArchive, watch: SendWatch) {
    const { session, epoch } = record
    const format = formatOf(pending)
    // Asked anew each time: the answer renews a signature that ran out.
    const target = await deps.orchestrator.ask(
      'upload-url',
      { session, epoch, seq: pending.seq, sha256: pending.sha256, bytes: pending.bytes, format },
      watch.signal,
    )
    if (target.isStored) return target.path
    const archive = await deps.packed.open(placeOf(record), pending)
    try {
      await sendArchive({ session, pending, archive, target }, unfinished, watch)
    } finally {
      await archive.close()
    }
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
