import { describe, expect, it } from '@jest/globals'
import { readTrace } from './trace.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

describe('the traceparent of a caller', () => {
  it('is taken when it is as W3C writes it', () => {
    expect(readTrace(`00-${TRACE}-${SPAN}-00`)).toEqual({ traceId: TRACE, flags: '00' })
  })

  it.each([
    undefined,
    '',
    ['a', 'b'],
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
  ])('is not taken when it is %j', (header) => {
    expect(readTrace(header)).toBeNull()
  })
})
