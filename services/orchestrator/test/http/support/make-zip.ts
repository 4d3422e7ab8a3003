import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a zip, honest where nothing else is said. */
export interface MadeEntry {
  readonly name: string
  readonly content?: Buffer | string
  /** With type bits, as Unix: 0o120777 is a link. */
  readonly mode?: number
  readonly isStored?: boolean
  /** What the headers say instead of the truth. */
  readonly lies?: { readonly bytes?: number; readonly crc?: number; readonly flags?: number }
  /** Puts the entry's data where another's are. */
  readonly sharesDataOf?: number
}

/** Writes zips no tool would: the reader under test gets every lie to its face. */
export function makeZip(entries: readonly MadeEntry[], countSaid?: number): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  for (const entry of entries) {
    const parts = partsOf(entry)
    const at = entry.sharesDataOf === undefined ? offset : (offsets[entry.sharesDataOf] ?? 0)
    offsets.push(at)
    centrals.push(central(entry, parts, at))
    if (entry.sharesDataOf !== undefined) continue
    const written = Buffer.concat([local(parts), parts.name, parts.data])
    locals.push(written)
    offset += written.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(countSaid ?? entries.length, 8)
  end.writeUInt16LE(countSaid ?? entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

interface Parts {
  readonly name: Buffer
  readonly data: Buffer
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly flags: number
}

function partsOf({ name, content = '', isStored = false, lies = {} }: MadeEntry): Parts {
  const plain = Buffer.from(content)
  return {
    name: Buffer.from(name),
    data: isStored ? plain : deflateRawSync(plain),
    method: isStored ? 0 : 8,
    crc: lies.crc ?? crc32(plain),
    bytes: lies.bytes ?? plain.length,
    flags: lies.flags ?? 0x0800,
  }
}

function local({ name, data, method, crc, bytes, flags }: Parts): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(bytes, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function central({ mode = 0o100644 }: MadeEntry, parts: Parts, at: number): Buffer {
  const { name, data, method, crc, bytes, flags } = parts
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE((3 << 8) | 20, 4)
  record.writeUInt16LE(20, 6)
  record.writeUInt16LE(flags, 8)
  record.writeUInt16LE(method, 10)
  record.writeUInt32LE(crc, 16)
  record.writeUInt32LE(data.length, 20)
  record.writeUInt32LE(bytes, 24)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt32LE((mode << 16) >>> 0, 38)
  record.writeUInt32LE(at, 42)
  return Buffer.concat([record, name])
}
