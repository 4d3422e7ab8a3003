import { type BytePath, isUtf8, toBytes } from '../byte-path.ts'
import type { EntryKind } from '../tree-entry.ts'
import { toDosTime } from './dos-time.ts'
import { doesOverflow, literalField, timestampField, zip64Field } from './extra-fields.ts'
import { MODE, ZIP } from './format.ts'
import { zeroed } from './zeroed.ts'

/** What the central directory says of an entry, once its data are written. */
export interface WrittenEntry {
  readonly name: BytePath
  readonly kind: EntryKind
  readonly mode: number
  readonly mtimeMs: number
  readonly isLiteral: boolean
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
  readonly offset: number
  /** Sizes and CRC follow the data instead of standing before them. */
  readonly hasDescriptor: boolean
  /** Decided before the data are written, from the most they can be. */
  readonly isWide: boolean
}

const VERSION_ZIP64 = 45
const VERSION_DEFAULT = 20

function flagsOf(entry: WrittenEntry): number {
  // A name that is not UTF-8 goes out as it is, unmarked; on Unix such names are taken as bytes.
  const utf8 = isUtf8(entry.name) ? ZIP.flagUtf8 : 0
  return utf8 | (entry.hasDescriptor ? ZIP.flagDescriptor : 0)
}

function commonExtras(entry: WrittenEntry): Buffer[] {
  const timestamp = timestampField(entry.mtimeMs)
  return entry.isLiteral ? [timestamp, literalField()] : [timestamp]
}

const bytesOf = (parts: readonly Buffer[]): number =>
  parts.reduce((sum, { length }) => sum + length, 0)

/** The 22 bytes both headers share, from "version needed" to the sizes. */
function writeCommon(header: Buffer, at: number, entry: WrittenEntry): void {
  const { date, time } = toDosTime(entry.mtimeMs)
  header.writeUInt16LE(flagsOf(entry), at + 2)
  header.writeUInt16LE(entry.method, at + 4)
  header.writeUInt16LE(time, at + 6)
  header.writeUInt16LE(date, at + 8)
}

/** With a descriptor the numbers are zero here: they are not known yet. */
export function localHeader(entry: WrittenEntry): Buffer {
  const name = toBytes(entry.name)
  const isLater = entry.hasDescriptor
  const sizes = isLater ? [0, 0] : [entry.bytes, entry.compressedBytes]
  const wide = entry.isWide ? [zip64Field(sizes)] : []
  const extras = [...wide, ...commonExtras(entry)]
  const header = zeroed(ZIP.localBytes)
  header.writeUInt32LE(ZIP.localSignature, 0)
  header.writeUInt16LE(entry.isWide ? VERSION_ZIP64 : VERSION_DEFAULT, 4)
  writeCommon(header, 4, entry)
  header.writeUInt32LE(isLater ? 0 : entry.crc, 14)
  header.writeUInt32LE(entry.isWide ? ZIP.overflow32 : (sizes[1] as number), 18)
  header.writeUInt32LE(entry.isWide ? ZIP.overflow32 : (sizes[0] as number), 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(bytesOf(extras), 28)
  return Buffer.concat([header, name, ...extras])
}

export function dataDescriptor(entry: WrittenEntry): Buffer {
  const descriptor = Buffer.alloc(entry.isWide ? 24 : 16)
  descriptor.writeUInt32LE(ZIP.descriptorSignature, 0)
  descriptor.writeUInt32LE(entry.crc, 4)
  if (entry.isWide) {
    descriptor.writeBigUInt64LE(BigInt(entry.compressedBytes), 8)
    descriptor.writeBigUInt64LE(BigInt(entry.bytes), 16)
  } else {
    descriptor.writeUInt32LE(entry.compressedBytes, 8)
    descriptor.writeUInt32LE(entry.bytes, 12)
  }
  return descriptor
}

const TYPE_BITS: Record<EntryKind, number> = {
  file: MODE.regular,
  directory: MODE.directory,
  link: MODE.link,
}

export function centralHeader(entry: WrittenEntry): Buffer {
  const name = toBytes(entry.name)
  const numbers = [entry.bytes, entry.compressedBytes, entry.offset]
  const [bytes, compressedBytes, offset] = numbers.map((number) =>
    doesOverflow(number) ? ZIP.overflow32 : number,
  ) as [number, number, number]
  const wide = zip64Field(numbers.filter(doesOverflow))
  const extras = [wide, ...commonExtras(entry)]
  const version = entry.isWide || wide.length > 0 ? VERSION_ZIP64 : VERSION_DEFAULT
  const header = zeroed(ZIP.centralBytes)
  header.writeUInt32LE(ZIP.centralSignature, 0)
  header.writeUInt16LE((ZIP.hostUnix << 8) | VERSION_ZIP64, 4)
  header.writeUInt16LE(version, 6)
  writeCommon(header, 6, entry)
  header.writeUInt32LE(entry.crc, 16)
  header.writeUInt32LE(compressedBytes, 20)
  header.writeUInt32LE(bytes, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(bytesOf(extras), 30)
  const unixMode = TYPE_BITS[entry.kind] | (entry.mode & MODE.permissions)
  const dosFolder = entry.kind === 'directory' ? 0x10 : 0
  header.writeUInt32LE(((unixMode << 16) | dosFolder) >>> 0, 38)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name, ...extras])
}

/** The records after the directory; the zip64 pair only where the plain one cannot say it. */
export function endRecords(entries: number, directoryBytes: number, offset: number): Buffer {
  const isWide = entries >= ZIP.overflow16 || doesOverflow(directoryBytes) || doesOverflow(offset)
  const end = Buffer.alloc(ZIP.endBytes)
  const entries16 = isWide ? ZIP.overflow16 : entries
  end.writeUInt32LE(ZIP.endSignature, 0)
  end.writeUInt16LE(entries16, 8)
  end.writeUInt16LE(entries16, 10)
  end.writeUInt32LE(isWide ? ZIP.overflow32 : directoryBytes, 12)
  end.writeUInt32LE(isWide ? ZIP.overflow32 : offset, 16)
  if (!isWide) return end

  const end64 = Buffer.alloc(ZIP.end64Bytes)
  end64.writeUInt32LE(ZIP.end64Signature, 0)
  end64.writeBigUInt64LE(BigInt(ZIP.end64Bytes - 12), 4)
  end64.writeUInt16LE((ZIP.hostUnix << 8) | VERSION_ZIP64, 12)
  end64.writeUInt16LE(VERSION_ZIP64, 14)
  end64.writeBigUInt64LE(BigInt(entries), 24)
  end64.writeBigUInt64LE(BigInt(entries), 32)
  end64.writeBigUInt64LE(BigInt(directoryBytes), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(ZIP.locator64Bytes)
  locator.writeUInt32LE(ZIP.locator64Signature, 0)
  locator.writeBigUInt64LE(BigInt(offset + directoryBytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([end64, locator, end])
}
