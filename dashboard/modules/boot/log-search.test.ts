import { describe, expect, it } from '@jest/globals'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { cutAtMatches, findRows } from './log-search.ts'

const ESC = '\u001b'
const row = (key: string, text: string): FeedRow =>
  ({ kind: 'line', key, at: '', line: { text } }) as unknown as FeedRow

describe('searching the log', () => {
  const rows = [
    row('1', 'Listening on 3000'),
    row('2', `${ESC}[31mlis${ESC}[0mtening`),
    row('3', 'x'),
  ]

  it('finds text whatever its case and colours', () => {
    expect(findRows(rows, 'LISTEN')).toEqual(['1', '2'])
  })

  it('finds nothing by nothing', () => {
    expect(findRows(rows, '')).toEqual([])
  })

  it('cuts a text into what matches and what does not, losing nothing', () => {
    const pieces = cutAtMatches('an ant and An', 'an')
    expect(pieces.map(({ text }) => text).join('')).toBe('an ant and An')
    expect(pieces.filter(({ isMatch }) => isMatch)).toHaveLength(4)
  })

  it('leaves a text whole whose letters change their length in lower case', () => {
    expect(cutAtMatches('İstanbul an', 'an')).toEqual([{ text: 'İstanbul an', isMatch: false }])
  })
})
