import { type FileHandle, open } from 'node:fs/promises'
import { type CheckedEntry, checkTotals, checkTree } from '../check-tree.ts'
import type { ArchiveCodec, CheckedArchive } from '../codec.ts'
import { ByteReader } from './byte-reader.ts'
import { decompress } from './decompress.ts'
import { packTarZst } from './pack.ts'
import type { TarEntry } from './parse-header.ts'
import { readTar, type TarPart } from './read-tar.ts'
import { unpackTar } from './unpack.ts'

/** Tar through zstd: for large trees, many times faster to make than zip. */
export const tarZstCodec: ArchiveCodec = {
  format: 'tar.zst',
  isIncremental: false,
  pack: packTarZst,
  open: openTarZst,
}

/** Behind the end mark: tar fills up to 10 KiB, and our own ballast is less than the file. */
const TAIL_BYTES_MAX = 1024 * 1024

/**
 * A tar has no directory, so it is read twice: once to check every entry against every other, and
 * once to write them. The file is ours alone, so both passes see the same.
 */
async function openTarZst(path: string, signal: AbortSignal): Promise<CheckedArchive> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const found = await list(file, size, signal)
    const checked = checkTree(found, size)
    const unpackedBytes = checked.reduce((sum, { found: { bytes } }) => sum + bytes, 0)
    const byEntry = new Map<string, CheckedEntry<TarEntry>>()
    for (const each of checked) byEntry.set(each.found.name, each)
    return {
      totals: { entries: checked.length, unpackedBytes },
      unpack: (input) => withParts(file, size, (parts) => unpackTar(parts, byEntry, input)),
      close: () => file.close(),
    }
  } catch (thrown) {
    await file.close()
    throw thrown
  }
}

function list(file: FileHandle, size: number, signal: AbortSignal): Promise<TarEntry[]> {
  return withParts(file, size, async (parts, reader) => {
    const found: TarEntry[] = []
    let unpackedBytes = 0
    for await (const { entry } of parts) {
      signal.throwIfAborted()
      found.push(entry)
      unpackedBytes += entry.bytes
      checkTotals({ entries: found.length, unpackedBytes, archiveBytes: size })
    }
    // To the very end, because only there the checksum of the whole stands.
    await reader.drain(size + TAIL_BYTES_MAX)
    return found
  })
}

async function withParts<R>(
  file: FileHandle,
  size: number,
  use: (parts: AsyncGenerator<TarPart>, reader: ByteReader) => Promise<R>,
): Promise<R> {
  const reader = new ByteReader(decompress(file.fd, size))
  try {
    return await use(readTar(reader), reader)
  } finally {
    await reader.close()
  }
}
