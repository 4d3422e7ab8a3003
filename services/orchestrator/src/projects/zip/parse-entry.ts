import { crc32 } from 'node:zlib'
import {
  type ByteName,
  corrupt,
  MODE,
  quoteName,
  unsupported,
  ZIP,
  type ZipEntry,
} from './format.ts'

/** One record of the central directory at `at`; `next` is where the following one begins. */
export function parseEntry(directory: Buffer, at: number): { entry: ZipEntry; next: number } {
  const hasRecord = at + ZIP.centralBytes <= directory.length
  if (!hasRecord || directory.readUInt32LE(at) !== ZIP.centralSignature) {
    throw corrupt('its directory is damaged')
  }
  const record = directory.subarray(at)
  const nameEnd = ZIP.centralBytes + record.readUInt16LE(28)
  const extraEnd = nameEnd + record.readUInt16LE(30)
  const next = at + extraEnd + record.readUInt16LE(32)
  if (next > directory.length) throw corrupt('its directory is cut short')

  const rawName = record.subarray(ZIP.centralBytes, nameEnd)
  const extra = readExtra(record.subarray(nameEnd, extraEnd))
  const name = nameOf(record, rawName, extra)
  if (name === '') throw corrupt('an entry has no name')
  const method = record.readUInt16LE(10)
  checkReadable(record.readUInt16LE(8), method, name)
  const entry = {
    ...{ name, method, ...sizesOf(record, extra) },
    kind: kindOf(record, name),
    crc: record.readUInt32LE(16),
    rawNameBytes: rawName.length,
    isLiteral: extra.has(ZIP.extraLiteral),
  }
  checkSizes(entry)
  return { entry, next }
}

type Extra = ReadonlyMap<number, Buffer>

function readExtra(extra: Buffer): Extra {
  const fields = new Map<number, Buffer>()
  for (let at = 0; at + 4 <= extra.length; ) {
    const bytes = extra.readUInt16LE(at + 2)
    const data = extra.subarray(at + 4, at + 4 + bytes)
    // What follows a field that is cut short is nothing, as unzip reads it.
    if (data.length < bytes) break
    fields.set(extra.readUInt16LE(at), data)
    at += 4 + bytes
  }
  return fields
}

function nameOf(record: Buffer, rawName: Buffer, extra: Extra): ByteName {
  const unicode = extra.get(ZIP.extraUnicodePath)
  const isUtf8 = (record.readUInt16LE(8) & ZIP.flagUtf8) !== 0
  const hasOther = !isUtf8 && unicode !== undefined && unicode.length > 5 && unicode[0] === 1
  // It counts only while the name is still the one it was made for.
  const isOther = hasOther && unicode.readUInt32LE(1) === crc32(rawName)
  return (isOther ? unicode.subarray(5) : rawName).toString('latin1')
}

function checkReadable(flags: number, method: number, name: ByteName): void {
  if ((flags & ZIP.flagsUnreadable) !== 0) {
    throw unsupported(`entry ${quoteName(name)} is encrypted or a patch`)
  }
  if (method !== ZIP.stored && method !== ZIP.deflated) {
    throw unsupported(`entry ${quoteName(name)} uses compression method ${method}`)
  }
}

function sizesOf(record: Buffer, extra: Extra) {
  const wide = extra.get(ZIP.extraZip64) ?? Buffer.alloc(0)
  let at = 0
  const take = (value: number): number => {
    if (value !== ZIP.overflow32) return value
    if (at + 8 > wide.length) throw corrupt('a zip64 size is missing')
    const number = Number(wide.readBigUInt64LE(at))
    at += 8
    if (!Number.isSafeInteger(number)) throw corrupt('a zip64 size is too large')
    return number
  }
  // In the order the format puts them into the zip64 field.
  const bytes = take(record.readUInt32LE(24))
  const compressedBytes = take(record.readUInt32LE(20))
  return { bytes, compressedBytes, offset: take(record.readUInt32LE(42)) }
}

function checkSizes({ name, kind, method, bytes, compressedBytes }: ZipEntry): void {
  const isStoredLie = method === ZIP.stored && bytes !== compressedBytes
  const isFromNothing = compressedBytes === 0 && bytes > 0
  const isFullFolder = kind === 'directory' && bytes > 0
  if (isStoredLie || isFromNothing || isFullFolder) {
    throw corrupt(`entry ${quoteName(name)} has sizes that cannot be`)
  }
}

function kindOf(record: Buffer, name: ByteName): ZipEntry['kind'] {
  const host = record.readUInt8(5)
  const isUnix = host === ZIP.hostUnix || host === ZIP.hostMac
  const type = isUnix ? (record.readUInt32LE(38) >>> 16) & MODE.typeMask : 0
  const isNamedFolder = name.endsWith('/')
  if (type === MODE.link && !isNamedFolder) return 'link'
  if (type === MODE.directory || (isNamedFolder && type === 0)) return 'directory'
  if ((type === 0 || type === MODE.regular) && !isNamedFolder) return 'file'
  throw unsupported(`entry ${quoteName(name)} is neither a file, a folder nor a link`)
}
