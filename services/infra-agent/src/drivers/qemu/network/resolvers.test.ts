import { describe, expect, it } from '@jest/globals'
import { parseResolvers, usableResolvers } from './resolvers.ts'

describe('name servers', () => {
  it('are read from a resolv.conf, without those of IPv6', () => {
    const text =
      '# nameserver 1.1.1.1\nsearch a\nnameserver 192.0.2.1\n nameserver\t192.0.2.2 \nnameserver ::1\n'
    expect(parseResolvers(text)).toEqual(['192.0.2.1', '192.0.2.2'])
  })

  it('are of no use on the host itself, on its links or for many at once', () => {
    const servers = ['127.0.0.53', '10.0.0.1', '169.254.169.254', '224.0.0.251', '10.0.0.2']
    expect(usableResolvers(servers, new Set(['10.0.0.1']))).toEqual(['10.0.0.2'])
  })

  it('are three at most, each once', () => {
    const servers = ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']
    expect(usableResolvers(servers, new Set())).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
  })
})
