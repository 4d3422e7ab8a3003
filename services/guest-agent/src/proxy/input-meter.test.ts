import { describe, expect, it } from '@jest/globals'
import { ACTIVITY_EVERY_MS, INPUT_BYTES_MIN, InputMeter } from './input-meter.ts'
import { parseTarget } from './target.ts'

describe('the meter of what a user sends', () => {
  it('does not take keep-alives and acknowledgements for a person, however many', () => {
    const meter = new InputMeter()
    for (let ms = 0; ms < 3_600_000; ms += 1_000) {
      expect([meter.count(19, ms), meter.count(38, ms)]).toEqual([false, false])
    }
  })

  it('notices typing at once and then not again for a while', () => {
    const meter = new InputMeter()
    expect(meter.count(300, 1_000)).toBe(false)
    expect(meter.count(300, 1_200)).toBe(true)
    expect(meter.count(9_000, 1_300)).toBe(false)
    expect(meter.count(9_000, 1_200 + ACTIVITY_EVERY_MS - 1)).toBe(false)
    expect(meter.count(9_000, 1_200 + ACTIVITY_EVERY_MS)).toBe(true)
  })

  it('does not add up a little now and then', () => {
    const meter = new InputMeter()
    for (let n = 0; n < 100; n += 1) {
      expect(meter.count(INPUT_BYTES_MIN - 1, n * ACTIVITY_EVERY_MS)).toBe(false)
    }
  })
})

describe('a target', () => {
  it('is the IDE or a port, in one spelling', () => {
    expect(parseTarget('ide', 1)).toEqual({ kind: 'ide' })
    expect(parseTarget('port:3000', 1)).toEqual({ kind: 'port', port: 3000 })
    expect(parseTarget('port:65535', 1)).toEqual({ kind: 'port', port: 65535 })
  })

  it.each([
    '',
    'IDE',
    'port:',
    'port:0',
    'port:65536',
    'port:01',
    'port:1 ',
    'port:-1',
    'undefined',
  ])('is not %j', (header) => {
    expect(() => parseTarget(header, 1)).toThrow('not a port')
  })

  it('is never the guest agent itself', () => {
    expect(() => parseTarget('port:4000', 4000)).toThrow('belongs to Vessel')
  })
})
