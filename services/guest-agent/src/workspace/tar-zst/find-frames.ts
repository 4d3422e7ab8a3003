import { VesselError } from '@vessel/proto/errors'
import { readAt } from '../read-at.ts'

/** One zstd frame of a file (RFC 8878, 3.1). */
export interface Frame {
  readonly start: number
  readonly bytes: number
  /** What it says it unpacks to; not every frame does, and none is believed. */
  readonly contentBytes: number | undefined
}

const MAGIC = 0xfd2fb528
/** Sixteen magic numbers of frames that are to be passed over. */
const SKIPPABLE = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0
const HEADER_BYTES_MAX = 18
const BLOCK_HEADER_BYTES = 3
const BLOCK = { rle: 1, reserved: 3 } as const
const CHECKSUM_BYTES = 4
const DICTIONARY_BYTES = [0, 1, 2, 4] as const

const corrupt = (detail: string) => new VesselError('ARCHIVE_CORRUPT', { detail })

/**
 * Where the frames of a file lie, found without decompressing: Node's decompressor ends with the
 * first one, and several are decompressed at once.
 */
export function* findFrames(fd: number, fileBytes: number): Generator<Frame> {
  for (let start = 0; start < fileBytes; ) {
    const header = readAt(fd, start, HEADER_BYTES_MAX)
    if (header.length < 8) throw corrupt('its end is no zstd frame')
    const magic = header.readUInt32LE(0)
    if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE) {
      start += 8 + header.readUInt32LE(4)
      continue
    }
    if (magic !== MAGIC) throw corrupt('there is something else between its zstd frames')
    const { headerBytes, contentBytes, hasChecksum } = parseFrameHeader(header)
    const blocksEnd = findBlocksEnd(fd, start + headerBytes, fileBytes)
    const end = blocksEnd + (hasChecksum ? CHECKSUM_BYTES : 0)
    if (end > fileBytes) throw corrupt('it is cut short')
    yield { start, bytes: end - start, contentBytes }
    start = end
  }
}

export function parseFrameHeader(header: Buffer): {
  headerBytes: number
  contentBytes: number | undefined
  hasChecksum: boolean
} {
  const descriptor = header.readUInt8(4)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const dictionaryBytes = DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3]
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes
  if (sizeAt + sizeBytes > header.length) throw corrupt('it is cut short')
  const hasChecksum = (descriptor & 4) !== 0
  return {
    headerBytes: sizeAt + sizeBytes,
    contentBytes: readSize(header, sizeAt, sizeBytes),
    hasChecksum,
  }
}

function readSize(header: Buffer, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined
  if (bytes === 8) return Number(header.readBigUInt64LE(at))
  // A size of two bytes begins at 256, because smaller ones have one byte.
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

function findBlocksEnd(fd: number, from: number, fileBytes: number): number {
  for (let at = from; at < fileBytes; ) {
    const header = readAt(fd, at, BLOCK_HEADER_BYTES)
    if (header.length < BLOCK_HEADER_BYTES) break
    const value = header.readUIntLE(0, BLOCK_HEADER_BYTES)
    const type = (value >> 1) & 3
    if (type === BLOCK.reserved) throw corrupt('it has a block of a kind that does not exist')
    at += BLOCK_HEADER_BYTES + (type === BLOCK.rle ? 1 : value >> 3)
    if ((value & 1) === 1) return at
  }
  throw corrupt('it is cut short')
}
