import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { VesselError } from '@vessel/proto/errors'
import { createBreather } from '../breathe.ts'
import { fromBytes, quoteName } from '../byte-path.ts'
import type { CheckedEntry } from '../check-tree.ts'
import type { UnpackedTree, UnpackInput } from '../codec.ts'
import { readChunks } from '../read-chunks.ts'
import { systemCode } from '../system-error.ts'
import { TreeWriter } from '../tree-writer.ts'
import { ZIP } from './format.ts'
import type { ZipEntry } from './parse-central.ts'

/** Up to this a file is unpacked in memory, which is much faster than a stream per file. */
const SMALL_BYTES = 1024 * 1024
/** Largest extra field a local header can have. */
const EXTRA_BYTES_MAX = 0xffff

const corrupt = (entry: ZipEntry, why: string, cause?: unknown) =>
  new VesselError('ARCHIVE_CORRUPT', { detail: `entry ${quoteName(entry.name)} ${why}`, cause })

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
  for (const { path, found } of ofKind('file')) {
    await breathe()
    await unpackFile(file, { path, found }, { writer, signal: input.signal })
    count(found.bytes)
  }
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

async function unpackFile(
  file: FileHandle,
  { path, found }: Checked,
  to: { writer: TreeWriter; signal: AbortSignal },
): Promise<void> {
  const meta = { path, mode: found.mode, mtimeMs: found.mtimeMs }
  if (found.bytes <= SMALL_BYTES && found.compressedBytes <= SMALL_BYTES) {
    to.writer.writeFile(meta, readSmall(file, found))
    return
  }
  await to.writer.streamFile(meta, (output) =>
    streamEntry(file, found, { output, signal: to.signal }),
  )
}

/** Fills in the targets of links, which have to be known before the tree can be judged. */
export function readTargets(file: FileHandle, entries: readonly ZipEntry[]): void {
  for (const entry of entries) {
    if (entry.kind !== 'link') continue
    if (entry.bytes > 4_096 || entry.compressedBytes > SMALL_BYTES) {
      throw corrupt(entry, 'is a link with a target that is too long')
    }
    entry.target = fromBytes(readSmall(file, entry))
  }
}

function readSmall(file: FileHandle, entry: ZipEntry): Buffer {
  const most = ZIP.localBytes + entry.rawNameBytes + EXTRA_BYTES_MAX + entry.compressedBytes
  const region = Buffer.allocUnsafe(Math.min(most, entry.limit - entry.offset))
  let read = 0
  while (read < region.length) {
    const got = readSync(file.fd, region, read, region.length - read, entry.offset + read)
    if (got === 0) throw corrupt(entry, 'is cut short')
    read += got
  }
  const start = dataStart(entry, region)
  const content = inflate(entry, region.subarray(start, start + entry.compressedBytes))
  if (content.length !== entry.bytes) throw corrupt(entry, 'has another size than it says')
  if (crc32(content) !== entry.crc) throw corrupt(entry, 'has a wrong checksum')
  return content
}

/** The local header may have other extra fields than the directory: where the data begin. */
function dataStart(entry: ZipEntry, header: Buffer): number {
  if (header.readUInt32LE(0) !== ZIP.localSignature) throw corrupt(entry, 'has no local header')
  const start = ZIP.localBytes + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (entry.offset + start + entry.compressedBytes > entry.limit)
    throw corrupt(entry, 'is cut short')
  return start
}

function inflate(entry: ZipEntry, data: Buffer): Buffer {
  if (entry.method === ZIP.stored) return data
  try {
    // One byte more than announced is allowed, so that "larger than it says" can be told.
    return inflateRawSync(data, { maxOutputLength: entry.bytes + 1 })
  } catch (cause) {
    throw corrupt(entry, 'cannot be decompressed', cause)
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
  const source = readChunks(file.fd, start, entry.compressedBytes)
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
