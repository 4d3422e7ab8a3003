import { crc32, deflateRawSync } from 'node:zlib'

/** One entry, with a handle on every lie a zip can tell. */
export interface ZipPart {
  readonly name: string | Buffer
  readonly content?: Buffer | string
  /** Full Unix mode with its type bits; 0 for none. */
  readonly mode?: number
  readonly isDeflated?: boolean
  readonly flags?: number
  readonly method?: number
  readonly host?: number
  readonly crc?: number
  /** What the directory says the size is. */
  readonly size?: number
  readonly compressedSize?: number
  readonly extra?: Buffer
  readonly offset?: number
  readonly hasDescriptor?: boolean
}

export const LINK = 0o120777
export const FILE = 0o100644
export const FOLDER = 0o040755

/** Writes a zip byte for byte, believing everything it is told. */
export function buildZip(parts: readonly ZipPart[]): Buffer {
  const data: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const { local, central } = buildPart(part, at)
    data.push(local)
    directory.push(central)
    at += local.length
  }
  const all = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(all.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...data, all, end])
}

function buildPart(part: ZipPart, at: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(part.name as string)
  const content = Buffer.from((part.content ?? '') as string)
  const body = part.isDeflated ? deflateRawSync(content) : content
  const method = part.method ?? (part.isDeflated ? 8 : 0)
  const flags = part.flags ?? 0x0800
  const crc = part.crc ?? crc32(content)
  const size = part.size ?? content.length
  const compressedSize = part.compressedSize ?? body.length
  const extra = part.extra ?? Buffer.alloc(0)
  const common = Buffer.alloc(22)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(flags | (part.hasDescriptor ? 8 : 0), 2)
  common.writeUInt16LE(method, 4)
  common.writeUInt16LE(0x5821, 8)

  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  common.copy(local, 4, 0, 10)
  if (!part.hasDescriptor) {
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(compressedSize, 18)
    local.writeUInt32LE(size, 22)
  }
  local.writeUInt16LE(name.length, 26)
  local.writeUInt16LE(extra.length, 28)
  const descriptor = Buffer.alloc(part.hasDescriptor ? 16 : 0)
  if (part.hasDescriptor) {
    descriptor.writeUInt32LE(0x08074b50, 0)
    descriptor.writeUInt32LE(crc, 4)
    descriptor.writeUInt32LE(compressedSize, 8)
    descriptor.writeUInt32LE(size, 12)
  }

  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(((part.host ?? 3) << 8) | 20, 4)
  common.copy(central, 6, 0, 10)
  central.writeUInt32LE(crc, 16)
  central.writeUInt32LE(compressedSize, 20)
  central.writeUInt32LE(size, 24)
  central.writeUInt16LE(name.length, 28)
  central.writeUInt16LE(extra.length, 30)
  central.writeUInt32LE(((part.mode ?? FILE) << 16) >>> 0, 38)
  central.writeUInt32LE(part.offset ?? at, 42)
  return {
    local: Buffer.concat([local, name, extra, body, descriptor]),
    central: Buffer.concat([central, name, extra]),
  }
}

/** Turns over one bit of the first place where `needle` stands. */
export function flipByteIn(archive: Buffer, needle: string | Buffer): Buffer {
  const copy = Buffer.from(archive)
  const at = copy.indexOf(needle)
  if (at < 0) throw new Error('the needle is not in the archive')
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}
