import { describe, expect, it } from '@jest/globals'
import { describeNetwork } from './needs.ts'

describe('the network that ignite would use', () => {
  it('is the first by name, and must be its own', () => {
    expect(describeNetwork(['99-loopback.conf', '10-ignite.conflist'])).toBe('10-ignite.conflist')
    expect(() => describeNetwork(['10-ignite.conflist', '05-podman.conflist'])).toThrow(/05-podman/)
  })

  it('is open between machines when nobody has made one', () => {
    expect(describeNetwork(['README'])).toMatch(/machines reach each other/)
  })
})
