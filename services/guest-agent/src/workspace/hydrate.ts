import { statfs } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import type { HydrateProgress } from '@vessel/proto/guest/api'
import type { CheckedArchive, TreeTotals, UnpackProgress } from './codec.ts'
import { type Codecs, recogniseFormat } from './codecs.ts'
import { Flusher } from './flusher.ts'
import { finishDirectories, makeScratch, moveIntoPlace } from './place-tree.ts'

export interface HydrateInput {
  readonly workspaceDir: string
  /** The archive, complete and checked against its sha256. */
  readonly file: string
  readonly codecs: Codecs
  readonly signal: AbortSignal
  readonly onProgress: (progress: HydrateProgress) => void
}

/** Unpacks a stored archive into the empty workspace. After a throw the caller empties it again. */
export async function hydrate(input: HydrateInput): Promise<TreeTotals> {
  const archive = await openArchive(input)
  const flusher = new Flusher(input.workspaceDir, input.signal)
  try {
    await checkRoom(input.workspaceDir, archive.totals)
    const scratch = await makeScratch(input.workspaceDir)
    const onProgress = (done: UnpackProgress) => {
      flusher.onWritten(done.bytesDone)
      input.onProgress(toProgress(done, archive.totals))
    }
    onProgress({ entriesDone: 0, bytesDone: 0 })
    const tree = await archive.unpack({ root: scratch, signal: input.signal, onProgress })
    await moveIntoPlace(scratch, input.workspaceDir)
    finishDirectories(input.workspaceDir, tree.directories)
    await flusher.finish()
    return archive.totals
  } finally {
    await flusher.settle()
    await archive.close()
  }
}

async function openArchive({ file, codecs, signal }: HydrateInput): Promise<CheckedArchive> {
  const format = await recogniseFormat(file)
  const codec = codecs[format]
  if (!codec) throw new VesselError('ARCHIVE_UNSUPPORTED', { detail: `no reader for ${format}` })
  return codec.open(file, signal)
}

/** A clear case is refused before anything is written. */
async function checkRoom(dir: string, totals: TreeTotals): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  if (totals.unpackedBytes <= bavail * bsize) return
  throw new VesselError('DISK_FULL', {
    detail: `the files need ${totals.unpackedBytes} bytes and ${bavail * bsize} are free`,
  })
}

function toProgress(done: UnpackProgress, totals: TreeTotals): HydrateProgress {
  const { entries: entriesTotal, unpackedBytes: bytesTotal } = totals
  return { type: 'progress', ...done, entriesTotal, bytesTotal }
}
