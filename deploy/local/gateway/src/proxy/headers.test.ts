import { describe, expect, it } from '@jest/globals'
import { canonicalHeaderName, withoutHeader, withoutHopByHop } from './headers.ts'

describe('header names', () => {
  it.each(['X-Forwarded-Host', 'x_forwarded_host', 'X.Forwarded-HOST'])('%s is one', (name) => {
    expect(canonicalHeaderName(name)).toBe('x-forwarded-host')
  })

  it('are left out in every spelling, others stay in order', () => {
    const list = [
      ['Cookie', 'a'],
      ['x-b', '1'],
      ['COOKIE', 'b'],
      ['x-c', '2'],
    ] as const
    expect(withoutHeader(list, 'cookie')).toEqual([
      ['x-b', '1'],
      ['x-c', '2'],
    ])
  })

  it('of one connection end with it, also those a message names itself', () => {
    const list = [
      ['Connection', 'close, X-Mine'],
      ['x-mine', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Upgrade', 'h2c'],
      ['accept', '*/*'],
    ] as const
    expect(withoutHopByHop(list)).toEqual([['accept', '*/*']])
  })
})
