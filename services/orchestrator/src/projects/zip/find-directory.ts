import type { FileHandle } from 'node:fs/promises'
import { corrupt, unsupported, ZIP } from './format.ts'
import { readExactly } from './read-exactly.ts'

/** The end record lies before a comment of at most this. */
const COMMENT_BYTES_MAX = 0xffff

export interface DirectoryPlace {
  readonly entries: number
  readonly bytes: number
  readonly offset: number
}

/** Where the central directory lies: by the end record, and by that of zip64 where there is one. */
export async function findDirectory(file: FileHandle, fileBytes: number): Promise<DirectoryPlace> {
  const tailBytes = Math.min(fileBytes, ZIP.endBytes + COMMENT_BYTES_MAX + ZIP.locator64Bytes)
  const tail = await readExactly(file, fileBytes - tailBytes, tailBytes)
  const at = findEnd(tail)
  const position = fileBytes - tailBytes + at
  const locator = at - ZIP.locator64Bytes
  const isWide = locator >= 0 && tail.readUInt32LE(locator) === ZIP.locator64Signature
  if (isWide) {
    const offset = Number(tail.readBigUInt64LE(locator + 8))
    return checked(await readEnd64(file, offset, position - ZIP.locator64Bytes), offset)
  }
  if (tail.readUInt32LE(at + 4) !== 0) throw unsupported('it is split over several disks')
  const place = {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
  return checked(place, position)
}

/** The last record whose comment ends where the file does. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - ZIP.endBytes; at >= 0; at -= 1) {
    const isSigned = tail.readUInt32LE(at) === ZIP.endSignature
    if (isSigned && at + ZIP.endBytes + tail.readUInt16LE(at + 20) === tail.length) return at
  }
  throw corrupt('it has no directory: not a zip, or cut short')
}

async function readEnd64(file: FileHandle, offset: number, before: number) {
  if (!(offset + ZIP.end64Bytes <= before)) throw corrupt('its zip64 record is not where it says')
  const record = await readExactly(file, offset, ZIP.end64Bytes)
  if (record.readUInt32LE(0) !== ZIP.end64Signature) throw corrupt('its zip64 record is missing')
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  }
}

function checked(place: DirectoryPlace, end: number): DirectoryPlace {
  if (place.offset + place.bytes !== end) throw corrupt('its directory is not where it says')
  return place
}
