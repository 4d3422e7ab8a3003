import { describe, expect, it } from '@jest/globals'
import { STREAMS } from '@vessel/proto/streams'
import { isVersionAtLeast } from './connection.ts'
import { configOf, mismatches } from './streams.ts'

describe('the server version', () => {
  it.each([
    ['2.9.10', '2.9.0', true],
    ['2.10.0', '2.9.10', true],
    ['2.8.4', '2.9.0', false],
    ['2.9.0-beta.1', '2.9.0', true],
    ['3.0', '2.9.0', true],
  ])('%s is at least %s: %s', (version, floor, isEnough) => {
    expect(isVersionAtLeast(version, floor)).toBe(isEnough)
  })
})

describe('a stream', () => {
  it('is accepted as it was asked for, on however many servers', () => {
    expect(mismatches(STREAMS.log, configOf(STREAMS.log, 3))).toEqual([])
  })
  it('is refused when a limit was silently ignored', () => {
    const { max_msgs_per_subject: _ignored, ...found } = configOf(STREAMS.event, 1)
    expect(mismatches(STREAMS.event, found)).toEqual([
      'VESSEL_EVENT.max_msgs_per_subject is undefined, needed is 1000',
    ])
  })
})
