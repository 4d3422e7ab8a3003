import type { FileHandle } from 'node:fs/promises'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { ZIP } from './format.ts'
import { parseCentral, type ZipEntry } from './parse-central.ts'

/** An end record is at most 22 bytes and a comment of 65,535 from the end of the file. */
const TAIL_BYTES_MAX = ZIP.endBytes + 0xffff + ZIP.locator64Bytes
/** The directory is held in memory: 200,000 entries with names of 600 bytes fit. */
const DIRECTORY_BYTES_MAX = 128 * 1024 ** 2

const corrupt = (detail: string) => new VesselError('ARCHIVE_CORRUPT', { detail })

interface End {
  readonly entries: number
  readonly bytes: number
  readonly offset: number
  /** Where the directory has to end. */
  readonly position: number
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** Where the entries' data end and the directory begins. */
  readonly offset: number
}

/** Reads exactly `bytes` from `position`, or says the archive is cut short. */
export async function readExactly(
  file: FileHandle,
  position: number,
  bytes: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, position + done)
    if (bytesRead === 0) throw corrupt('it ends too early')
    done += bytesRead
  }
  return buffer
}

/**
 * Reads the central directory. Only it is believed: local headers may be incomplete, and a reader
 * that streams them can be shown other entries than one that reads the directory.
 */
export async function readDirectory(file: FileHandle, fileBytes: number): Promise<ZipDirectory> {
  const end = await findEnd(file, fileBytes)
  if (end.entries > ARCHIVE_LIMITS.entriesMax || end.bytes > DIRECTORY_BYTES_MAX) {
    throw new VesselError('ARCHIVE_TOO_LARGE', { detail: `it has ${end.entries} entries` })
  }
  if (end.offset + end.bytes !== end.position) throw corrupt('its directory is not where it says')

  const directory = await readExactly(file, end.offset, end.bytes)
  const entries: ZipEntry[] = []
  let at = 0
  while (entries.length < end.entries) {
    const { entry, next } = parseCentral(directory, at, end.offset)
    entries.push(entry)
    at = next
  }
  if (at !== directory.length) throw corrupt('its directory has other entries than it says')
  return { entries: checkOverlap(entries, end.offset), offset: end.offset }
}

/** In the order of their data; with shared data a small file can unpack to petabytes. */
function checkOverlap(entries: ZipEntry[], dataEnd: number): ZipEntry[] {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset)
  for (const [index, entry] of sorted.entries()) {
    const limit = sorted[index + 1]?.offset ?? dataEnd
    const least = ZIP.localBytes + entry.rawNameBytes + entry.compressedBytes
    if (entry.offset + least > limit) {
      throw new VesselError('ARCHIVE_CORRUPT', { detail: 'its entries overlap or are cut short' })
    }
    entry.limit = limit
  }
  return sorted
}

async function findEnd(file: FileHandle, fileBytes: number): Promise<End> {
  const tailBytes = Math.min(fileBytes, TAIL_BYTES_MAX)
  const tailStart = fileBytes - tailBytes
  const tail = await readExactly(file, tailStart, tailBytes)
  for (let at = tailBytes - ZIP.endBytes; at >= 0; at -= 1) {
    const isEnd =
      tail.readUInt32LE(at) === ZIP.endSignature &&
      at + ZIP.endBytes + tail.readUInt16LE(at + 20) === tailBytes
    if (isEnd) return parseEnd(file, tail.subarray(0, at + ZIP.endBytes), tailStart + at)
  }
  throw corrupt('it has no directory: not a zip, or cut short')
}

async function parseEnd(file: FileHandle, tail: Buffer, position: number): Promise<End> {
  const at = tail.length - ZIP.endBytes
  const locatorAt = at - ZIP.locator64Bytes
  const hasLocator = locatorAt >= 0 && tail.readUInt32LE(locatorAt) === ZIP.locator64Signature
  if (hasLocator) {
    const offset = Number(tail.readBigUInt64LE(locatorAt + 8))
    return parseEnd64(file, offset, position - ZIP.locator64Bytes)
  }
  const isSplit = tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0
  if (isSplit) throw new VesselError('ARCHIVE_UNSUPPORTED', { detail: 'it is split over disks' })
  return {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
    position,
  }
}

async function parseEnd64(file: FileHandle, offset: number, locator: number): Promise<End> {
  if (offset + ZIP.end64Bytes > locator) throw corrupt('its zip64 record is not where it says')
  const record = await readExactly(file, offset, ZIP.end64Bytes)
  if (record.readUInt32LE(0) !== ZIP.end64Signature) throw corrupt('its zip64 record is missing')
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
    position: offset,
  }
}
