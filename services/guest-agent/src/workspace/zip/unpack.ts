import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { constants, crc32, createInflateRaw } from 'node:zlib'
import { type Batch, batchesOf, SMALL_BYTES } from '../batches.ts'
import { createBreather } from '../breathe.ts'
import { fromBytes, parentOf } from '../byte-path.ts'
import type { CheckedEntry } from '../check-tree.ts'
import type { UnpackedTree, UnpackInput } from '../codec.ts'
import { type Crew, withCrew } from '../crew/crew.ts'
import { readAhead } from '../read-ahead.ts'
import { readReused } from '../read-chunks.ts'
import { systemCode } from '../system-error.ts'
import { TreeWriter } from '../tree-writer.ts'
import { ZIP } from './format.ts'
import type { ZipEntry } from './parse-central.ts'
import { corrupt, dataStart, readSmall } from './unpack-files.ts'

const BATCH_BYTES = 512 * 1024

type Checked = CheckedEntry<ZipEntry>

/** Unpacks files in the order of their data, then links; verifies size and CRC of each. */
export async function unpackZip(
  file: FileHandle,
  entries: readonly Checked[],
  input: UnpackInput,
): Promise<UnpackedTree> {
  const writer = new TreeWriter(input.root)
  const breathe = createBreather(input.signal)
  const ofKind = (kind: string) => entries.filter(({ found }) => found.kind === kind)
  const done = { entriesDone: 0, bytesDone: 0 }
  const count = (bytes: number): void => {
    done.entriesDone += 1
    done.bytesDone += bytes
    input.onProgress(done)
  }

  for (const { path } of ofKind('directory')) {
    await breathe()
    writer.makeDirectory(path)
    count(0)
  }
  await withCrew((crew) =>
    unpackAll(ofKind('file'), {
      file,
      crew,
      writer,
      root: input.root,
      signal: input.signal,
      count,
    }),
  )
  for (const { path, found } of ofKind('link')) {
    await breathe()
    writer.writeLink(path, found.target as string, found.mtimeMs)
    count(0)
  }
  const directories = ofKind('directory').map(({ path, found }) => ({
    path,
    mode: found.mode,
    mtimeMs: found.mtimeMs,
  }))
  return { directories: writer.allDirectories(directories) }
}

interface Work {
  readonly file: FileHandle
  readonly crew: Crew
  readonly writer: TreeWriter
  readonly root: string
  readonly signal: AbortSignal
  readonly count: (bytes: number) => void
}

/** Small files on all cores, large ones piece by piece beside them. */
async function unpackAll(files: readonly Checked[], work: Work): Promise<void> {
  const { file, crew, writer, root } = work
  const batches = batchesOf(files, {
    bytesOf: ({ found }) => Math.max(found.bytes, found.compressedBytes),
    bytesMax: BATCH_BYTES,
  })
  const begin = async (batch: Batch<Checked>) => {
    if (batch.kind === 'large') return
    for (const { path } of batch.items) writer.makeDirectory(parentOf(path))
    const order = { fd: file.fd, root, files: batch.items, bytes: batch.bytes }
    await crew.run('unpackFiles', order)
  }
  for await (const { item: batch } of readAhead(batches, crew.ahead, begin)) {
    work.signal.throwIfAborted()
    if (batch.kind === 'small') for (const { found } of batch.items) work.count(found.bytes)
    else await unpackLarge(batch.item, work)
  }
}

async function unpackLarge({ path, found }: Checked, work: Work): Promise<void> {
  const meta = { path, mode: found.mode, mtimeMs: found.mtimeMs }
  await work.writer.streamFile(meta, (output) =>
    streamEntry(work.file, found, { output, signal: work.signal }),
  )
  work.count(found.bytes)
}

/** Fills in the targets of links, which have to be known before the tree can be judged. */
export function readTargets(file: FileHandle, entries: readonly ZipEntry[]): void {
  for (const entry of entries) {
    if (entry.kind !== 'link') continue
    if (entry.bytes > 4_096 || entry.compressedBytes > SMALL_BYTES) {
      throw corrupt(entry, 'is a link with a target that is too long')
    }
    entry.target = fromBytes(readSmall(file.fd, entry))
  }
}

async function streamEntry(
  file: FileHandle,
  entry: ZipEntry,
  { output, signal }: { output: FileHandle; signal: AbortSignal },
): Promise<void> {
  const header = Buffer.alloc(ZIP.localBytes)
  readSync(file.fd, header, 0, header.length, entry.offset)
  const start = entry.offset + dataStart(entry, header)
  let bytes = 0
  let crc = 0
  const drain = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > entry.bytes) throw corrupt(entry, 'has another size than it says')
      crc = crc32(chunk, crc)
      for (let done = 0; done < chunk.length; ) {
        done += (await output.write(chunk, done, chunk.length - done)).bytesWritten
      }
    }
  }
  const source = readReused(file.fd, { start, bytesMax: entry.compressedBytes })
  await runPipeline(entry, async () => {
    if (entry.method === ZIP.stored) return pipeline(source, drain, { signal })
    const inflater = createInflateRaw({ chunkSize: 256 * 1024, finishFlush: constants.Z_FINISH })
    return pipeline(source, inflater, drain, { signal })
  })
  if (bytes !== entry.bytes) throw corrupt(entry, 'has another size than it says')
  if (crc !== entry.crc) throw corrupt(entry, 'has a wrong checksum')
}

/** What zlib says about bad data is the archive's fault; anything else is passed on. */
async function runPipeline(entry: ZipEntry, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    if (systemCode(cause)?.startsWith('Z_')) throw corrupt(entry, 'cannot be decompressed', cause)
    throw cause
  }
}
