import { createCipheriv } from 'node:crypto'
import { closeSync, type Stats } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { createBreather } from '../breathe.ts'
import { quoteName } from '../byte-path.ts'
import { checkTotals } from '../check-tree.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { readChunks } from '../read-chunks.ts'
import { openForRead, readWhole } from '../read-file.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { paddingOf, TAR, TAR_TYPE } from './tar-format.ts'
import { tarHeader } from './write-header.ts'

/** zstd's own default: larger levels cost much time for a few percent. */
const LEVEL = 3
/** Small pieces are joined up to this before they go to the compressor. */
const JOIN_BYTES = 256 * 1024

/** Up to this a file is read whole, so that its header says what was really read. */
const SMALL_BYTES = 1024 * 1024
/** Half of what is taken for a bomb when the archive is opened again. */
const RATIO_MAX = ARCHIVE_LIMITS.ratioMax / 2

interface Sums {
  entries: number
  unpackedBytes: number
  archiveBytes: number
}

/** Writes a tar of the entries through zstd. */
export async function packTarZst(input: PackInput): Promise<TreeTotals> {
  const sums: Sums = { entries: 0, unpackedBytes: 0, archiveBytes: 0 }
  const compressor = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
    chunkSize: JOIN_BYTES,
  })
  const drain = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      sums.archiveBytes += chunk.length
      await input.sink(chunk)
    }
  }
  await pipeline(joined(tarOf(input, sums)), compressor, drain, { signal: input.signal })
  checkTotals(sums)
  return { entries: sums.entries, unpackedBytes: sums.unpackedBytes }
}

async function* joined(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const piece of pieces) {
    parts.push(piece)
    bytes += piece.length
    if (bytes < JOIN_BYTES) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  yield Buffer.concat(parts)
}

async function* tarOf(input: PackInput, sums: Sums): AsyncGenerator<Buffer> {
  const breathe = createBreather(input.signal)
  for (const entry of input.entries) {
    await breathe()
    if (entry.kind !== 'file') {
      sums.entries += 1
      // What a link unpacks to is its target: counted as in a zip.
      sums.unpackedBytes += entry.target?.length ?? 0
      yield otherHeader(entry)
    } else if (entry.bytes > SMALL_BYTES) yield* largeFile(input, entry, sums)
    else yield* smallFile(input, entry, sums)
  }
  yield Buffer.alloc(2 * TAR.blockBytes)
  yield* ballast(sums)
}

/**
 * Zeros shrink ten thousandfold in zstd, and such an archive would be taken for a bomb when it is
 * opened again. Noise behind the end of the tar, which no reader looks at, gives it weight.
 */
function* ballast({ unpackedBytes, archiveBytes }: Sums): Generator<Buffer> {
  if (unpackedBytes <= ARCHIVE_LIMITS.ratioFloorBytes) return
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  for (let left = Math.ceil(unpackedBytes / RATIO_MAX) - archiveBytes; left > 0; ) {
    const piece = noise.update(Buffer.alloc(Math.min(left, JOIN_BYTES)))
    left -= piece.length
    yield piece
  }
}

function otherHeader(entry: TreeEntry): Buffer {
  const { path, kind, mode, mtimeMs, target, isLiteral } = entry
  const isFolder = kind === 'directory'
  return tarHeader({
    name: isFolder ? `${path}/` : path,
    type: isFolder ? TAR_TYPE.directory : TAR_TYPE.link,
    ...{ mode, mtimeMs, bytes: 0, target, isLiteral },
  })
}

function fileHeader(entry: TreeEntry, stats: Stats, bytes: number): Buffer {
  const { path: name, isLiteral } = entry
  const { mode, mtimeMs } = stats
  const type = TAR_TYPE.file
  return tarHeader({ name, type, mode, mtimeMs, bytes, target: undefined, isLiteral })
}

async function* smallFile(input: PackInput, entry: TreeEntry, sums: Sums): AsyncGenerator<Buffer> {
  const read = readWhole(input.root, entry, SMALL_BYTES)
  if (read === 'large') return yield* largeFile(input, entry, sums)
  if (read === 'gone') return warnGone(input, entry)
  if (!read.isSteady) warnChanged(input, entry)
  sums.entries += 1
  sums.unpackedBytes += read.content.length
  yield fileHeader(entry, read.stats, read.content.length)
  yield read.content
  yield Buffer.alloc(paddingOf(read.content.length))
}

/**
 * The size stands before the data, so a large file that shrinks while it is read is filled up with
 * zeros to what was announced, and one that grows ends there.
 */
async function* largeFile(input: PackInput, entry: TreeEntry, sums: Sums): AsyncGenerator<Buffer> {
  const opened = openForRead(input.root, entry)
  if (!opened) return warnGone(input, entry)
  try {
    const { size } = opened.stats
    sums.entries += 1
    sums.unpackedBytes += size
    yield fileHeader(entry, opened.stats, size)
    let read = 0
    for await (const chunk of readChunks(opened.fd, 0, size)) {
      read += chunk.length
      yield chunk
    }
    if (read < size) warnChanged(input, entry)
    for (let left = size - read + paddingOf(size); left > 0; left -= JOIN_BYTES) {
      yield Buffer.alloc(Math.min(left, JOIN_BYTES))
    }
  } finally {
    closeSync(opened.fd)
  }
}

function warnGone(input: PackInput, entry: TreeEntry): void {
  input.warn(`${quoteName(entry.path)} vanished while it was packed and is left out`)
}

function warnChanged(input: PackInput, entry: TreeEntry): void {
  input.warn(`${quoteName(entry.path)} changed while it was packed`)
}
