import { describe, expect, it } from '@jest/globals'
import { networkModeOf } from './choose.ts'

const MISSING = ['apt-get install nftables', 'modprobe tun']

describe('the kind of network', () => {
  it('is a tap by itself where nothing is missing, and restricted otherwise', () => {
    expect(networkModeOf('auto', [])).toBe('tap')
    expect(networkModeOf('auto', MISSING)).toBe('restricted')
  })

  it('is what was asked for, whatever would be possible', () => {
    expect(networkModeOf('restricted', [])).toBe('restricted')
    expect(networkModeOf('open', MISSING)).toBe('open')
  })

  it('is never less than the tap that was asked for', () => {
    expect(networkModeOf('tap', [])).toBe('tap')
    expect(() => networkModeOf('tap', MISSING)).toThrow(/install nftables; modprobe tun/)
  })
})
