import { describe, expect, it } from '@jest/globals'
import { formatAgo, formatCountdown, formatDuration, formatUntil } from './format-time.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')

describe('how long ago', () => {
  it.each([
    [0, 'just now'],
    [4_900, 'just now'],
    [40_000, '40 s ago'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [3_599_000, '59 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [30 * 3_600_000, 'yesterday'],
    [4 * 86_400_000, '4 days ago'],
    [30 * 86_400_000, '21 Oct 2026'],
  ])('%d ms is said as "%s"', (ageMs, words) => {
    expect(formatAgo(NOW - ageMs, NOW)).toBe(words)
  })

  it('a moment ahead of this clock is now', () => {
    expect(formatAgo('2026-11-20T12:00:09.000Z', NOW)).toBe('just now')
  })
})

describe('how long', () => {
  it.each([
    [0, '0 ms'],
    [820, '820 ms'],
    [2_400, '2.4 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min'],
    [72_000, '1 min 12 s'],
    [11_040_000, '3 h 4 min'],
    [10_800_000, '3 h'],
  ])('%d ms is said as "%s"', (ms, words) => {
    expect(formatDuration(ms)).toBe(words)
  })

  it.each([
    [29 * 60_000 + 12_000, '29 min'],
    [150 * 60_000, '2 h 30 min'],
    [20_000, 'less than a minute'],
    [-5_000, 'less than a minute'],
  ])('%d ms ahead is in "%s"', (aheadMs, words) => {
    expect(formatUntil(new Date(NOW + aheadMs).toISOString(), NOW)).toBe(words)
  })

  it('counts down in whole seconds and stops at nothing', () => {
    expect(formatCountdown(41_200)).toBe('0:42')
    expect(formatCountdown(-5)).toBe('0:00')
  })
})
