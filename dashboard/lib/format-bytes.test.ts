import { describe, expect, it } from '@jest/globals'
import { formatBytes, formatFiles, formatMemory } from './format-bytes.ts'

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [4_213, '4.2 kB'],
    [311_000_000, '311 MB'],
    [999_950, '1.0 MB'],
    [5e12, '5.0 TB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words)
  })

  it('counts files', () => {
    expect(formatFiles(0)).toBe('0 files')
    expect(formatFiles(1)).toBe('1 file')
    expect(formatFiles(1_318)).toBe('1,318 files')
  })

  it('says memory as it is ordered', () => {
    expect(formatMemory(512)).toBe('512 MB')
    expect(formatMemory(2_048)).toBe('2 GB')
    expect(formatMemory(1_536)).toBe('1.5 GB')
    expect(formatMemory(22_569)).toBe('22 GB')
  })
})
