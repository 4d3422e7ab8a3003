import { describe, expect, it } from '@jest/globals'
import { leftOutWords } from './left-out-words.ts'

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
})
