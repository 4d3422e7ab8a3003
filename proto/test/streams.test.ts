import { describe, expect, it } from '@jest/globals'
import { STREAMS, streamConfigOf, streamFaults } from '../src/streams.ts'

describe('a stream', () => {
  it('is accepted as it was asked for, on however many servers', () => {
    expect(streamFaults(STREAMS.log, streamConfigOf(STREAMS.log, 3))).toEqual([])
  })
  it('is refused when a limit was silently ignored', () => {
    const { max_msgs_per_subject: _ignored, ...found } = streamConfigOf(STREAMS.event, 1)
    expect(streamFaults(STREAMS.event, found)).toEqual([
      'VESSEL_EVENT.max_msgs_per_subject is undefined, needed is 1000',
    ])
  })
})
