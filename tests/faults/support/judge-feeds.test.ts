import { describe, expect, it } from '@jest/globals'
import { partingOf } from './judge-feeds.ts'

describe('two tellings of one feed', () => {
  it.each([
    [['a:1', 'a:2'], ['a:1', 'a:2'], null],
    [['a:1'], ['a:1', 'a:2'], 'item 1: nothing instead of a:2'],
    [['a:1', 'a:3'], ['a:1', 'a:2', 'a:3'], 'item 1: a:3 instead of a:2'],
    [['a:1', 'a:1'], ['a:1'], 'a:1 was shown twice'],
    [['a:1', 'a:2', 'a:3'], ['a:1', 'a:2'], '1 items too many'],
    [['a:1', 'a:gap 2-4', 'a:5'], ['a:1', 'a:gap 2-4', 'a:5'], null],
  ])('%j beside %j: %s', (live, anew, parting) => {
    expect(partingOf(live, anew)).toBe(parting)
  })
})
