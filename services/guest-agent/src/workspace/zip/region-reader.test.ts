import { describe, expect, it } from '@jest/globals'
import { RegionReader } from './region-reader.ts'

const KIB = 1024
const FILE = Buffer.from(Uint8Array.from({ length: 1024 * KIB }, (_, at) => (at / KIB) % 251))

function createReader(end = FILE.length) {
  const reads: [start: number, bytes: number][] = []
  const readAt = (start: number, bytes: number) => {
    reads.push([start, bytes])
    // As the disk does it: memory that is the reader's alone.
    return Buffer.from(Uint8Array.from(FILE.subarray(start, start + bytes)).buffer)
  }
  return { reads, reader: new RegionReader(readAt, end) }
}

const part = (offset: number, bytes: number) => FILE.subarray(offset, offset + bytes)

describe('RegionReader', () => {
  it('reads a hundred regions that follow each other at one go', () => {
    const { reads, reader } = createReader()
    for (let at = 0; at < 100; at += 1) {
      const region = { offset: at * KIB, bytes: KIB }
      expect(reader.at(region).equals(part(region.offset, KIB))).toBe(true)
    }
    expect(reads).toEqual([[0, 256 * KIB]])
  })

  it('reads anew what is only in part in what it has', () => {
    const { reads, reader } = createReader()
    reader.at({ offset: 0, bytes: KIB })
    const region = { offset: 255 * KIB, bytes: 2 * KIB }
    expect(reader.at(region).equals(part(region.offset, region.bytes))).toBe(true)
    expect(reads[1]).toEqual([255 * KIB, 256 * KIB])
  })

  it('reads a region that is larger than what it reads at a time', () => {
    const { reader } = createReader()
    expect(reader.at({ offset: KIB, bytes: 300 * KIB }).equals(part(KIB, 300 * KIB))).toBe(true)
  })

  it('goes back where it is asked to', () => {
    const { reader } = createReader()
    reader.at({ offset: 500 * KIB, bytes: KIB })
    expect(reader.at({ offset: 3 * KIB, bytes: KIB }).equals(part(3 * KIB, KIB))).toBe(true)
  })

  it('never reads what lies behind the end', () => {
    const { reads, reader } = createReader(100 * KIB)
    reader.at({ offset: 60 * KIB, bytes: KIB })
    expect(reads).toEqual([[60 * KIB, 40 * KIB]])
  })

  it('says by its length that the file ends too early', () => {
    const { reader } = createReader(FILE.length + 10 * KIB)
    expect(reader.at({ offset: FILE.length - KIB, bytes: 5 * KIB })).toHaveLength(KIB)
  })

  it('has nothing any more when it is closed, and reads again when asked', () => {
    const { reads, reader } = createReader()
    reader.at({ offset: 0, bytes: KIB })
    reader.close()
    expect(reader.at({ offset: 0, bytes: KIB }).equals(part(0, KIB))).toBe(true)
    expect(reads).toHaveLength(2)
  })
})
