import { VesselError } from '@vessel/proto/errors'
import { type BytePath, fromBytes, quoteName } from '../byte-path.ts'
import type { FoundEntry } from '../check-tree.ts'
import type { EntryKind } from '../tree-entry.ts'
import { checksumOf, PAX_LITERAL, TAR, TAR_TYPE } from './tar-format.ts'

/** What stands before an entry and changes how its header reads. */
export interface Overrides {
  pax: ReadonlyMap<string, string>
  longName: BytePath | undefined
  longTarget: BytePath | undefined
}

export interface TarEntry extends FoundEntry {
  readonly mode: number
  readonly mtimeMs: number
}

const corrupt = (detail: string) => new VesselError('ARCHIVE_CORRUPT', { detail })

export function typeOf(block: Buffer): string {
  return String.fromCharCode(block.readUInt8(TAR.typeAt))
}

export function checkBlock(block: Buffer): void {
  if (readNumber(block, TAR.checksumAt, 8) === checksumOf(block)) return
  throw corrupt('a header has a wrong checksum')
}

export function parseHeader(block: Buffer, { pax, longName, longTarget }: Overrides): TarEntry {
  const name = pax.get('path') ?? longName ?? ustarName(block)
  const kind = kindOf(typeOf(block), name)
  const size = pax.has('size') ? Number(pax.get('size')) : readNumber(block, TAR.sizeAt, 12)
  const target =
    kind === 'link'
      ? (pax.get('linkpath') ?? longTarget ?? readText(block, TAR.linkAt, TAR.linkBytes))
      : undefined
  const seconds = pax.has('mtime') ? Number(pax.get('mtime')) : readNumber(block, TAR.mtimeAt, 12)
  if (!Number.isSafeInteger(size) || size < 0 || !Number.isFinite(seconds)) {
    throw corrupt(`entry ${quoteName(name)} has a size or time that is no number`)
  }
  return {
    ...{ name, kind, target },
    bytes: kind === 'file' ? size : (target?.length ?? 0),
    mode: readNumber(block, TAR.modeAt, 8) & 0o777,
    mtimeMs: seconds * 1_000,
    isLiteral: pax.has(PAX_LITERAL),
  }
}

function kindOf(type: string, name: BytePath): EntryKind {
  if (type === TAR_TYPE.directory) return 'directory'
  if (type === TAR_TYPE.link) return 'link'
  const isFile = type === TAR_TYPE.file || type === TAR_TYPE.fileOld
  if (isFile) return name.endsWith('/') ? 'directory' : 'file'
  throw new VesselError('ARCHIVE_UNSUPPORTED', {
    detail: `entry ${quoteName(name)} is neither a file, a folder nor a link`,
  })
}

function ustarName(block: Buffer): BytePath {
  const name = readText(block, TAR.nameAt, TAR.nameBytes)
  const isUstar = block.toString('latin1', TAR.magicAt, TAR.magicAt + 6) === 'ustar\0'
  const prefix = isUstar ? readText(block, TAR.prefixAt, TAR.prefixBytes) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function readText(block: Buffer, at: number, bytes: number): BytePath {
  const field = block.subarray(at, at + bytes)
  const end = field.indexOf(0)
  return fromBytes(end < 0 ? field : field.subarray(0, end))
}

/** Octal digits, or, where the first bit is set, GNU's binary form for what octal cannot say. */
function readNumber(block: Buffer, at: number, bytes: number): number {
  const first = block.readUInt8(at)
  if (first < 0x80) {
    const digits = block
      .toString('latin1', at, at + bytes)
      .replace(/[\0 ]+$/, '')
      .trim()
    return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
  }
  let value = BigInt(first & 0x7f)
  for (const byte of block.subarray(at + 1, at + bytes)) value = (value << 8n) | BigInt(byte)
  return Number(value)
}

/** The records of a pax header: `<length> <key>=<value>\n`, one after the other. */
export function parsePax(data: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at)
    const length = Number(data.toString('latin1', at, space))
    const end = at + length
    const isWhole = space > at && Number.isSafeInteger(length) && end <= data.length
    if (!isWhole || end <= space || data[end - 1] !== 0x0a) throw corrupt('a pax header is damaged')
    const record = data.toString('latin1', space + 1, end - 1)
    const equals = record.indexOf('=')
    found.set(record.slice(0, equals), record.slice(equals + 1))
    at = end
  }
  return found
}
