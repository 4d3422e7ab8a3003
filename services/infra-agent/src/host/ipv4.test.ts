import { describe, expect, it } from '@jest/globals'
import { addressOf, networkAround, numberOf, overlap, parseNetwork, textOf } from './ipv4.ts'

describe('ipv4', () => {
  it('reads networks and single addresses', () => {
    for (const text of ['10.62.0.0/16', '0.0.0.0/0', '192.0.2.7/32', '255.255.255.252/30']) {
      const network = parseNetwork(text)
      expect(network && textOf(network)).toBe(text)
    }
    expect(parseNetwork('192.0.2.7')).toEqual({ base: numberOf('192.0.2.7'), prefix: 32 })
  })

  it.each([
    '10.62.0.1/16',
    '10.62.0.0/33',
    '10.62.0.0/',
    '10.62.0/16',
    '10.62.0.0/16/8',
    '::1/64',
    '',
  ])('refuses %p', (text) => expect(parseNetwork(text)).toBeNull())

  it('counts on over the middle of the number range, where signs would turn', () => {
    expect(addressOf(numberOf('127.255.255.255') + 1)).toBe('128.0.0.0')
    expect(textOf(networkAround('203.0.113.77', 24))).toBe('203.0.113.0/24')
  })

  it('sees when one network lies in, around or beside another', () => {
    const network = (text: string) => parseNetwork(text) ?? { base: 0, prefix: 0 }
    const ten = network('10.0.0.0/8')
    expect(overlap(ten, network('10.62.0.0/16'))).toBe(true)
    expect(overlap(network('10.62.0.0/16'), ten)).toBe(true)
    expect(overlap(ten, network('11.0.0.0/8'))).toBe(false)
  })
})
