import { VesselError } from '@vessel/proto/errors'
import { type BytePath, fromBytes, quoteName } from '../byte-path.ts'
import type { FoundEntry } from '../check-tree.ts'
import type { EntryKind } from '../tree-entry.ts'
import { fromCodePage } from './code-page.ts'
import { fromDosTime } from './dos-time.ts'
import { type ExtraFields, readExtraFields } from './extra-fields.ts'
import { MODE, ZIP } from './format.ts'

export interface ZipEntry extends FoundEntry {
  readonly rawNameBytes: number
  readonly method: number
  readonly crc: number
  readonly compressedBytes: number
  readonly offset: number
  /** Where the next entry's data begin; set once the whole directory is known. */
  limit: number
  readonly mode: number
  readonly mtimeMs: number
  /** Read and checked before the tree is, because what it points to decides whether it is safe. */
  target: BytePath | undefined
}

const corrupt = (detail: string) => new VesselError('ARCHIVE_CORRUPT', { detail })
const unsupported = (name: BytePath, why: string) =>
  new VesselError('ARCHIVE_UNSUPPORTED', { detail: `entry ${quoteName(name)} ${why}` })

/** One record of the central directory at `at`; `next` is where the following one begins. */
export function parseCentral(
  directory: Buffer,
  at: number,
  dataEnd: number,
): { entry: ZipEntry; next: number } {
  const isThere =
    at + ZIP.centralBytes <= directory.length && directory.readUInt32LE(at) === ZIP.centralSignature
  if (!isThere) throw corrupt('its directory is damaged')
  const nameAt = at + ZIP.centralBytes
  const extraAt = nameAt + directory.readUInt16LE(at + 28)
  const commentAt = extraAt + directory.readUInt16LE(at + 30)
  const next = commentAt + directory.readUInt16LE(at + 32)
  if (next > directory.length) throw corrupt('its directory is cut short')

  const rawName = directory.subarray(nameAt, extraAt)
  const extra = readExtraFields(directory.subarray(extraAt, commentAt), rawName)
  const record = directory.subarray(at, nameAt)
  const name = nameOf(record, rawName, extra)
  checkReadable(record, name)
  const sizes = sizesOf(record, extra)
  if (sizes.offset > dataEnd) throw corrupt(`entry ${quoteName(name)} is not in the file`)

  const { kind, mode } = kindOf(record, name)
  const method = record.readUInt16LE(10)
  if (method === ZIP.stored && sizes.bytes !== sizes.compressedBytes) {
    throw corrupt(`entry ${quoteName(name)} is stored with two different sizes`)
  }
  const isEmptyLie = sizes.compressedBytes === 0 && sizes.bytes > 0
  if (isEmptyLie) throw corrupt(`entry ${quoteName(name)} has no data`)
  const isFolder = kind === 'directory'
  if (isFolder && sizes.bytes > 0) throw corrupt(`folder ${quoteName(name)} has content`)
  const entry: ZipEntry = {
    ...{ name, kind, mode, method, ...sizes, limit: dataEnd },
    rawNameBytes: rawName.length,
    crc: record.readUInt32LE(16),
    mtimeMs: extra.mtimeMs ?? fromDosTime(record.readUInt16LE(14), record.readUInt16LE(12)),
    target: undefined,
    isLiteral: extra.isLiteral,
  }
  return { entry, next }
}

/** Without the UTF-8 flag, Unix tools write the file name's bytes and DOS tools a code page. */
function nameOf(record: Buffer, rawName: Buffer, extra: ExtraFields): BytePath {
  if ((record.readUInt16LE(8) & ZIP.flagUtf8) !== 0) return fromBytes(rawName)
  if (extra.unicodeName) return fromBytes(extra.unicodeName)
  return isUnixMade(record) ? fromBytes(rawName) : fromCodePage(fromBytes(rawName))
}

function isUnixMade(record: Buffer): boolean {
  const host = record.readUInt8(5)
  return host === ZIP.hostUnix || host === ZIP.hostMac
}

function checkReadable(record: Buffer, name: BytePath): void {
  const flags = record.readUInt16LE(8)
  const secret = ZIP.flagEncrypted | ZIP.flagStrongEncryption | ZIP.flagMaskedHeaders
  if ((flags & secret) !== 0) throw unsupported(name, 'is encrypted')
  if ((flags & ZIP.flagPatched) !== 0) throw unsupported(name, 'is a patch')
  const method = record.readUInt16LE(10)
  if (method !== ZIP.stored && method !== ZIP.deflated) {
    throw unsupported(name, `uses compression method ${method}`)
  }
}

function sizesOf(
  record: Buffer,
  extra: ExtraFields,
): { bytes: number; compressedBytes: number; offset: number } {
  const wide = [...extra.zip64]
  const take = (value: number): number => {
    if (value !== ZIP.overflow32) return value
    const number = wide.shift()
    if (number === undefined || !Number.isSafeInteger(number)) {
      throw corrupt('a zip64 size is missing')
    }
    return number
  }
  const bytes = take(record.readUInt32LE(24))
  const compressedBytes = take(record.readUInt32LE(20))
  return { bytes, compressedBytes, offset: take(record.readUInt32LE(42)) }
}

function kindOf(record: Buffer, name: BytePath): { kind: EntryKind; mode: number } {
  const unixMode = isUnixMade(record) ? record.readUInt32LE(38) >>> 16 : 0
  const type = unixMode & MODE.typeMask
  const permissions = unixMode & MODE.permissions
  const isNamedFolder = name.endsWith('/')
  if (type === MODE.link && !isNamedFolder) return { kind: 'link', mode: 0o777 }
  if (type === MODE.directory || (isNamedFolder && type === 0)) {
    return { kind: 'directory', mode: type === 0 ? permissions || 0o755 : permissions }
  }
  if (type !== 0 && (type !== MODE.regular || isNamedFolder)) {
    throw unsupported(name, 'is neither a file, a folder nor a link')
  }
  // Mode 000 is a real mode where the type says it is Unix's; without a type nothing was recorded.
  return { kind: 'file', mode: type === 0 ? permissions || 0o644 : permissions }
}
