import { describe, expect, it } from '@jest/globals'
import { sessionFigures } from './session-figures.ts'

describe('the figures of the sessions', () => {
  it('count all that live, and say of what kind they are', () => {
    const counts = { ready: 1_240, requested: 1, placing: 2, starting: 3, saving: 4 }
    expect(sessionFigures(counts)).toEqual({
      value: '1,250',
      hint: '1,240 running, 6 starting, 4 saving',
    })
  })

  it('name the kind alone where there is only one', () => {
    expect(sessionFigures({ placing: 2 })).toEqual({ value: '2', hint: 'starting' })
    expect(sessionFigures({})).toEqual({ value: '0', hint: 'live' })
  })

  it('claim nothing before they are known', () => {
    expect(sessionFigures(null).value).toBe('–')
  })
})
