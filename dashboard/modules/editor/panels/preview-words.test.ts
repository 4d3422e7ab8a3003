import { describe, expect, it } from '@jest/globals'
import { keptWords, leftOutWords } from './preview-words.ts'

describe('what a save holds', () => {
  it('is told in files and bytes', () => {
    expect(keptWords({ files: 1, unpackedBytes: 12 })).toBe('1 file, 12 B')
    const told = { files: 1_318, unpackedBytes: 27_300_000, isMore: false }
    expect(keptWords(told)).toBe('1,318 files, 27.3 MB')
  })

  it('is more than what could be counted in time', () => {
    const told = { files: 310_000, unpackedBytes: 9_800_000_000, isMore: true }
    expect(keptWords(told)).toBe('More than 310,000 files, 9.8 GB')
    const nothing = { files: 0, unpackedBytes: 0, isMore: true }
    expect(keptWords(nothing)).toBe('More than could be counted in time')
  })
})

describe('what a save leaves out', () => {
  it('is told with its size', () => {
    const leftOutSize = { bytes: 340_000_000, isMore: false }
    expect(leftOutWords({ leftOutCount: 12, leftOutSize })).toBe(
      '12 ignored things stay behind (340 MB)',
    )
    expect(leftOutWords({ leftOutCount: 1, leftOutSize })).toBe(
      '1 ignored thing stays behind (340 MB)',
    )
  })

  it('is more than what could be measured in time', () => {
    const leftOutSize = { bytes: 1_234_000_000, isMore: true }
    expect(leftOutWords({ leftOutCount: 1_200, leftOutSize })).toBe(
      '1,200 ignored things stay behind (more than 1.2 GB)',
    )
  })

  it('is told without a size that nobody knows', () => {
    expect(leftOutWords({ leftOutCount: 2 })).toBe('2 ignored things stay behind')
    const leftOutSize = { bytes: 0, isMore: true }
    expect(leftOutWords({ leftOutCount: 2, leftOutSize })).toBe('2 ignored things stay behind')
  })

  it('says so where what is left out is empty', () => {
    const leftOutSize = { bytes: 0, isMore: false }
    expect(leftOutWords({ leftOutCount: 1, leftOutSize })).toBe(
      '1 ignored thing stays behind (0 B)',
    )
  })

  it('is not called nothing where not all was seen', () => {
    expect(leftOutWords({ leftOutCount: 0 })).toBe('Nothing')
    const told = { leftOutCount: 0, isMore: true }
    expect(leftOutWords(told)).toBe('Nothing among what was counted')
    expect(leftOutWords({ ...told, leftOutCount: 3 })).toBe(
      'More than 3 ignored things stay behind',
    )
  })
})
