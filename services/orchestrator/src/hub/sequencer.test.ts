import { describe, expect, it } from '@jest/globals'
import { Sequencer } from './sequencer.ts'

describe('the sequencer', () => {
  it('takes numbers in order and drops what it has seen', () => {
    const sequencer = new Sequencer()
    expect(sequencer.take('a', 1)).toEqual({ kind: 'next', hole: null })
    expect(sequencer.take('a', 2)).toEqual({ kind: 'next', hole: null })
    expect(sequencer.take('a', 2)).toEqual({ kind: 'duplicate' })
    expect(sequencer.take('a', 1)).toEqual({ kind: 'duplicate' })
  })

  it('says exactly which numbers are missing, also before the first', () => {
    const sequencer = new Sequencer()
    expect(sequencer.take('a', 4)).toEqual({ kind: 'next', hole: { from: 1, to: 3 } })
    expect(sequencer.take('a', 9)).toEqual({ kind: 'next', hole: { from: 5, to: 8 } })
  })

  it('takes each missing number once when it comes late', () => {
    const sequencer = new Sequencer()
    sequencer.take('a', 1)
    sequencer.take('a', 6)
    for (const seq of [3, 2, 5, 4]) expect(sequencer.take('a', seq)).toEqual({ kind: 'late' })
    for (const seq of [2, 3, 4, 5]) expect(sequencer.take('a', seq)).toEqual({ kind: 'duplicate' })
    expect(sequencer.take('a', 7)).toEqual({ kind: 'next', hole: null })
  })

  it('counts every boot by itself', () => {
    const sequencer = new Sequencer(new Map([['a', 10]]))
    expect(sequencer.take('b', 1)).toEqual({ kind: 'next', hole: null })
    expect(sequencer.take('a', 11)).toEqual({ kind: 'next', hole: null })
    expect(sequencer.take('b', 2)).toEqual({ kind: 'next', hole: null })
  })
})
