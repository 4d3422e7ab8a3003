import { crc32 } from 'node:zlib'
import { EXTRA, ZIP } from './format.ts'
import { zeroed } from './zeroed.ts'

export interface ExtraFields {
  readonly mtimeMs: number | undefined
  readonly isLiteral: boolean
  /** The zip64 field's 8-byte numbers, in the order the header asked for them. */
  readonly zip64: readonly number[]
  readonly unicodeName: Buffer | undefined
}

/** Reads the fields we know and skips the rest; a malformed tail is ignored, as unzip does. */
export function readExtraFields(extra: Buffer, rawName: Buffer): ExtraFields {
  let mtimeMs: number | undefined
  let isLiteral = false
  let zip64: number[] = []
  let unicodeName: Buffer | undefined

  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at)
    const length = extra.readUInt16LE(at + 2)
    const data = extra.subarray(at + 4, at + 4 + length)
    at += 4 + length
    if (data.length < length) break
    if (id === EXTRA.zip64) zip64 = readZip64(data)
    if (id === EXTRA.timestamp) mtimeMs = readTimestamp(data) ?? mtimeMs
    if (id === EXTRA.unixOld && length >= 8) mtimeMs ??= data.readInt32LE(4) * 1_000
    if (id === EXTRA.vesselLiteral) isLiteral = true
    if (id === EXTRA.unicodePath) unicodeName = readUnicodeName(data, rawName) ?? unicodeName
  }
  return { mtimeMs, isLiteral, zip64, unicodeName }
}

function readZip64(data: Buffer): number[] {
  const numbers: number[] = []
  for (let at = 0; at + 8 <= data.length && numbers.length < 3; at += 8) {
    numbers.push(Number(data.readBigUInt64LE(at)))
  }
  return numbers
}

function readTimestamp(data: Buffer): number | undefined {
  const hasMtime = data.length >= 5 && ((data[0] as number) & 1) === 1
  return hasMtime ? data.readInt32LE(1) * 1_000 : undefined
}

/** Valid only while the name field is the one it was made for: its CRC says so. */
function readUnicodeName(data: Buffer, rawName: Buffer): Buffer | undefined {
  if (data.length < 6 || data[0] !== 1) return undefined
  return data.readUInt32LE(1) === crc32(rawName) ? data.subarray(5) : undefined
}

/** The seconds the field can hold: signed 32 bits, 1901 to 2038. */
export function timestampField(mtimeMs: number): Buffer {
  const seconds = Math.min(0x7fffffff, Math.max(-0x80000000, Math.floor(mtimeMs / 1_000)))
  const field = Buffer.allocUnsafe(9)
  field.writeUInt16LE(EXTRA.timestamp, 0)
  field.writeUInt16LE(5, 2)
  field.writeUInt8(1, 4)
  field.writeInt32LE(seconds, 5)
  return field
}

const NOTHING = Buffer.alloc(0)

export function zip64Field(numbers: readonly number[]): Buffer {
  if (numbers.length === 0) return NOTHING
  const field = Buffer.allocUnsafe(4 + 8 * numbers.length)
  field.writeUInt16LE(EXTRA.zip64, 0)
  field.writeUInt16LE(8 * numbers.length, 2)
  for (const [index, number] of numbers.entries()) {
    field.writeBigUInt64LE(BigInt(number), 4 + 8 * index)
  }
  return field
}

export function literalField(): Buffer {
  const field = zeroed(4)
  field.writeUInt16LE(EXTRA.vesselLiteral, 0)
  return field
}

export const doesOverflow = (value: number): boolean => value >= ZIP.overflow32
