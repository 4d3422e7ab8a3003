import { describe, expect, it } from '@jest/globals'
import { type Network, parseNetwork } from '../../../host/ipv4.ts'
import { parseLinks, parseRoutes, uplinksOf } from './links.ts'

/** As iproute2 6.1 wrote it, shortened. */
const LINKS = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,"addr_info":[
  {"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"},
  {"family":"inet6","local":"::1","prefixlen":128,"scope":"host"}]},
 {"ifindex":2,"ifname":"vsl0","flags":["BROADCAST"],"mtu":1400,"linkinfo":{"info_kind":"tun"},
  "ifalias":"vessel:ab:c","addr_info":[
  {"family":"inet","local":"10.62.0.1","prefixlen":30,"scope":"global","label":"vsl0"}]}]`

const ROUTES = `[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},
 {"dst":"default","gateway":"192.0.3.1","dev":"eth1","metric":200,"flags":[]},
 {"dst":"10.9.0.0/16","dev":"wg0","scope":"link","flags":[]},
 {"dst":"10.62.0.0/30","dev":"vsl0","protocol":"kernel","scope":"link","flags":[]},
 {"dst":"default","metric":300,"flags":[],"nexthops":[{"gateway":"192.0.4.1","dev":"eth3",
  "weight":1,"flags":[]},{"gateway":"192.0.5.1","dev":"eth4","weight":1,"flags":[]}]},
 {"type":"unreachable","dst":"10.7.0.0/16","flags":[]},
 {"dst":"192.0.2.9","dev":"eth2","flags":[]}]`

describe('links and routes', () => {
  it('are read with alias, width and IPv4 addresses', () => {
    expect(parseLinks(LINKS)[1]).toEqual({
      name: 'vsl0',
      mtu: 1_400,
      alias: 'vessel:ab:c',
      addresses: ['10.62.0.1'],
      networks: [parseNetwork('10.62.0.0/30')],
    })
    expect(parseLinks(LINKS)[0]?.addresses).toEqual(['127.0.0.1'])
  })

  it('lead outside by the default routes, and into a network that is allowed', () => {
    const routes = parseRoutes(ROUTES)
    const allowed = [parseNetwork('10.9.3.0/24')].filter((each): each is Network => each !== null)
    expect(uplinksOf(routes, [])).toEqual(['eth0', 'eth1', 'eth3', 'eth4'])
    expect(uplinksOf(routes, allowed)).toEqual(['eth0', 'eth1', 'eth3', 'eth4', 'wg0'])
  })
})
