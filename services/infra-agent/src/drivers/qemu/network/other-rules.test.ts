import { describe, expect, it } from '@jest/globals'
import { closedTables } from './other-rules.ts'

/** As nftables 1.0.6 wrote it, shortened; the first table is what Docker has made of iptables. */
const CHAINS = `{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
 {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 1, "type": "filter",
  "hook": "forward", "prio": 0, "policy": "drop"}},
 {"chain": {"family": "ip", "table": "filter", "name": "DOCKER", "handle": 2}},
 {"chain": {"family": "ip6", "table": "filter", "name": "FORWARD", "handle": 1, "type": "filter",
  "hook": "forward", "prio": 0, "policy": "drop"}},
 {"chain": {"family": "inet", "table": "vessel_1", "name": "forward", "handle": 9, "type": "filter",
  "hook": "forward", "prio": -10, "policy": "accept"}}]}`

describe('rules of others', () => {
  it('that drop what is forwarded are named by their table', () => {
    expect(closedTables(CHAINS)).toEqual(['ip filter'])
  })

  it('are not there on a host without any', () => {
    expect(closedTables('{"nftables": [{"metainfo": {"version": "1.0.6"}}]}')).toEqual([])
  })
})
