import { describe, expect, it } from '@jest/globals'
import { neighbourOf } from './grid-keys.ts'

/** Three columns, the last row with two cards: 0 1 2 / 3 4 5 / 6 7. */
const to = (key: string, from: number) => neighbourOf(key, from, { columns: 3, count: 8 })

describe('arrows in a grid', () => {
  it('go to the next card, over the end of a row', () => {
    expect([to('ArrowRight', 0), to('ArrowRight', 2), to('ArrowLeft', 3)]).toEqual([1, 3, 2])
  })

  it('go to the card above and below', () => {
    expect([to('ArrowDown', 1), to('ArrowUp', 7)]).toEqual([4, 4])
  })

  it('lead nowhere past the edge, nor into a gap', () => {
    expect([to('ArrowLeft', 0), to('ArrowUp', 1), to('ArrowRight', 7)]).toEqual([null, null, null])
    expect(to('ArrowDown', 5)).toBeNull()
  })

  it('know the first and the last', () => {
    expect([to('Home', 4), to('End', 4), to('Home', 0)]).toEqual([0, 7, null])
  })

  it('are the only keys that move', () => {
    expect([to('a', 1), to('Enter', 1), to('Tab', 1)]).toEqual([null, null, null])
  })
})
