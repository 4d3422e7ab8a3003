import { type BytePath, toBytes } from '../byte-path.ts'
import { checksumOf, PAX_LITERAL, paddingOf, TAR, TAR_TYPE } from './tar-format.ts'

export interface TarHeader {
  readonly name: BytePath
  readonly type: string
  readonly mode: number
  readonly mtimeMs: number
  readonly bytes: number
  readonly target: BytePath | undefined
  readonly isLiteral: boolean
}

/** Largest size eleven octal digits can say. */
const OCTAL_SIZE_MAX = 8 ** TAR.sizeDigits - 1

/** The header of an entry, preceded by a pax header where ustar alone cannot say it. */
export function tarHeader(header: TarHeader): Buffer {
  const records = paxRecords(header)
  if (records.length === 0) return ustar(header)
  const data = Buffer.concat(records)
  const pax = ustar({ ...header, name: 'pax', type: TAR_TYPE.pax, bytes: data.length, mode: 0o644 })
  return Buffer.concat([pax, data, Buffer.alloc(paddingOf(data.length)), ustar(header)])
}

function paxRecords(header: TarHeader): Buffer[] {
  const { name, target, bytes, mtimeMs } = header
  const records: Buffer[] = []
  // Sub-second times also go here: whole seconds are all that ustar holds.
  const isWholeSecond = mtimeMs % 1_000 === 0 && mtimeMs >= 0
  if (!isWholeSecond) records.push(record('mtime', Buffer.from((mtimeMs / 1_000).toFixed(6))))
  if (name.length > TAR.nameBytes) records.push(record('path', toBytes(name)))
  if (target !== undefined && target.length > TAR.linkBytes) {
    records.push(record('linkpath', toBytes(target)))
  }
  if (bytes > OCTAL_SIZE_MAX) records.push(record('size', Buffer.from(String(bytes))))
  if (header.isLiteral) records.push(record(PAX_LITERAL, Buffer.from('1')))
  return records
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length
  }
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function ustar(header: TarHeader): Buffer {
  // From the shared memory of small buffers: a tar has three blocks to a file.
  const block = Buffer.allocUnsafe(TAR.blockBytes).fill(0)
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0').slice(-digits), at, 'latin1')
  }
  toBytes(header.name).copy(block, TAR.nameAt, 0, TAR.nameBytes)
  octal(header.mode & 0o777, TAR.modeAt, 7)
  octal(0, TAR.uidAt, 7)
  octal(0, TAR.gidAt, 7)
  octal(header.bytes > OCTAL_SIZE_MAX ? 0 : header.bytes, TAR.sizeAt, TAR.sizeDigits)
  octal(Math.max(0, Math.floor(header.mtimeMs / 1_000)), TAR.mtimeAt, 11)
  block.write(header.type, TAR.typeAt, 'latin1')
  toBytes(header.target ?? '').copy(block, TAR.linkAt, 0, TAR.linkBytes)
  block.write('ustar\u000000', TAR.magicAt, 'latin1')
  block.write(checksumOf(block).toString(8).padStart(6, '0'), TAR.checksumAt, 'latin1')
  block.write('\0 ', TAR.checksumAt + 6, 'latin1')
  return block
}
