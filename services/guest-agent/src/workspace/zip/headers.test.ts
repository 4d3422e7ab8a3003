import { describe, expect, it } from '@jest/globals'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  type WrittenEntry,
} from './headers.ts'
import { parseCentral } from './parse-central.ts'

const entry: WrittenEntry = {
  ...{ name: 'a/caf\xc3\xa9.sh', kind: 'file', mode: 0o755, mtimeMs: 1_600_000_001_000 },
  ...{ isLiteral: false, method: 8, crc: 0xdeadbeef, bytes: 1_000, compressedBytes: 300 },
  ...{ offset: 42, hasDescriptor: false, isWide: false },
}
const reread = (written: WrittenEntry) =>
  parseCentral(centralHeader(written), 0, Number.MAX_SAFE_INTEGER).entry

describe('the headers of a zip', () => {
  it('say what was written', () => {
    expect(reread(entry)).toMatchObject({
      ...{ name: entry.name, kind: 'file', mode: 0o755, mtimeMs: 1_600_000_001_000 },
      ...{ crc: 0xdeadbeef, bytes: 1_000, compressedBytes: 300, offset: 42, isLiteral: false },
    })
  })

  it('keep a mode of nothing at all, a link, a folder and the literal mark', () => {
    expect(reread({ ...entry, mode: 0 }).mode).toBe(0)
    expect(reread({ ...entry, kind: 'link' }).kind).toBe('link')
    expect(reread({ ...entry, name: 'd/', kind: 'directory', bytes: 0 })).toMatchObject({
      kind: 'directory',
      mode: 0o755,
    })
    expect(reread({ ...entry, isLiteral: true }).isLiteral).toBe(true)
  })

  it('keep a name that is not UTF-8 byte for byte', () => {
    expect(reread({ ...entry, name: '\xe9\xff' }).name).toBe('\xe9\xff')
  })

  it('hold sizes and offsets beyond 4 GiB', () => {
    const huge = { ...entry, bytes: 5e9, compressedBytes: 4.9e9, offset: 6e9 }
    expect(reread(huge)).toMatchObject({ bytes: 5e9, compressedBytes: 4.9e9, offset: 6e9 })
    const far = { ...entry, offset: 2 ** 32 - 1 }
    expect(reread(far)).toMatchObject({ bytes: 1_000, offset: 2 ** 32 - 1 })
    expect(dataDescriptor({ ...huge, isWide: true })).toHaveLength(24)
    expect(dataDescriptor(entry)).toHaveLength(16)
    const wide = localHeader({ ...huge, isWide: true, hasDescriptor: true })
    expect([wide.readUInt16LE(4), wide.readUInt32LE(18)]).toEqual([45, 0xffffffff])
  })

  it('end with the short record while it can say it, and with the long ones when not', () => {
    expect(endRecords(3, 100, 1_000)).toHaveLength(22)
    expect(endRecords(70_000, 100, 1_000)).toHaveLength(98)
    expect(endRecords(3, 100, 5e9)).toHaveLength(98)
  })
})
