import { crc32, inflateRawSync } from 'node:zlib'
import { VesselError } from '@vessel/proto/errors'
import { quoteName } from '../byte-path.ts'
import type { CheckedEntry } from '../check-tree.ts'
import { readAt } from '../read-at.ts'
import { release } from '../release.ts'
import { writeFileAt } from '../tree-writer.ts'
import { ZIP } from './format.ts'
import type { ZipEntry } from './parse-central.ts'
import { type Region, RegionReader } from './region-reader.ts'

/** Largest extra field a local header can have. */
const EXTRA_BYTES_MAX = 0xffff

export interface UnpackOrder {
  /** Of the archive: a descriptor belongs to the process, whichever thread it reads in. */
  readonly fd: number
  readonly root: string
  readonly files: readonly CheckedEntry<ZipEntry>[]
  readonly bytes: number
}

export const corrupt = (entry: ZipEntry, why: string, cause?: unknown): VesselError =>
  new VesselError('ARCHIVE_CORRUPT', { detail: `entry ${quoteName(entry.name)} ${why}`, cause })

/** Writes small files, whose folders MUST be there, and verifies size and CRC of each. */
export function unpackFiles({ fd, root, files }: UnpackOrder): Record<string, never> {
  const end = files.at(-1)?.found.limit ?? 0
  const regions = new RegionReader((start, size) => readAt(fd, start, size), end)
  for (const { path, found } of files) {
    const { mode, mtimeMs } = found
    const content = contentOf(found, regions.at(regionOf(found)))
    writeFileAt(root, { path, mode, mtimeMs }, content)
    if (found.method !== ZIP.stored) release(content)
  }
  regions.close()
  return {}
}

export function readSmall(fd: number, entry: ZipEntry): Buffer {
  const { offset, bytes } = regionOf(entry)
  return contentOf(entry, readAt(fd, offset, bytes))
}

/** Header, data, and whatever fields may lie in between. */
function regionOf({ offset, limit, rawNameBytes, compressedBytes }: ZipEntry): Region {
  const most = ZIP.localBytes + rawNameBytes + EXTRA_BYTES_MAX + compressedBytes
  return { offset, bytes: Math.min(most, limit - offset) }
}

function contentOf(entry: ZipEntry, region: Buffer): Buffer {
  if (region.length < regionOf(entry).bytes) throw corrupt(entry, 'is cut short')
  const start = dataStart(entry, region)
  const content = inflate(entry, region.subarray(start, start + entry.compressedBytes))
  if (content.length !== entry.bytes) throw corrupt(entry, 'has another size than it says')
  if (crc32(content) !== entry.crc) throw corrupt(entry, 'has a wrong checksum')
  return content
}

/** The local header may have other extra fields than the directory: where the data begin. */
export function dataStart(entry: ZipEntry, header: Buffer): number {
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
    const most = entry.bytes + 1
    return inflateRawSync(data, { maxOutputLength: most, chunkSize: Math.max(64, most) })
  } catch (cause) {
    throw corrupt(entry, 'cannot be decompressed', cause)
  }
}
