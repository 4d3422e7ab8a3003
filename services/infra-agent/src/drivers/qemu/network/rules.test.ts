import { describe, expect, it } from '@jest/globals'
import { type RuleSet, renderNoRules, renderRules } from './rules.ts'

const RULES: RuleSet = {
  table: 'vessel_1',
  machines: [
    { tap: 'vsl1', address: '10.62.0.6' },
    { tap: 'vsl9', address: '10.62.0.38' },
  ],
  dns: ['192.168.1.1'],
  denied: ['10.0.0.0/8'],
  allowed: ['10.9.0.0/16'],
  closedUplinks: ['eth0'],
}
const linesOf = (rules: RuleSet) =>
  renderRules(rules)
    .split('\n')
    .map((line) => line.trim())

describe('the rules of the network', () => {
  it('replace the table as one, whether it is there or not', () => {
    expect(linesOf(RULES).slice(0, 3)).toEqual([
      'table inet vessel_1',
      'delete table inet vessel_1',
      'table inet vessel_1 {',
    ])
    expect(renderNoRules('vessel_1')).toBe('table inet vessel_1\ndelete table inet vessel_1\n')
  })

  it('let each tap send under the address of its machine only', () => {
    const lines = linesOf(RULES)
    expect(lines).toContain(
      'set ends { type ifname . ipv4_addr; elements = { "vsl1" . 10.62.0.6, "vsl9" . 10.62.0.38 }; }',
    )
    expect(lines).toContain('iifname @taps iifname . ip saddr != @ends counter name spoofed drop')
  })

  it('look at the host, other machines and metadata before anything is allowed', () => {
    const lines = linesOf(RULES)
    const outwards = lines.slice(lines.indexOf('chain outwards {'))
    expect(outwards.slice(1, 8)).toEqual([
      'oifname "vsl*" counter name to_machine drop',
      'ip daddr @never counter name to_denied drop',
      'ct state new add @flows { ip saddr ct count over 4096 } counter name too_many drop',
      'ip daddr @dns meta l4proto { tcp, udp } th dport 53 accept',
      'ip daddr @allowed accept',
      'ip daddr @denied counter name to_denied drop',
      'accept',
    ])
  })

  it('write a set without elements as one, because nftables knows no empty list', () => {
    const text = renderRules({ ...RULES, dns: [], allowed: [], closedUplinks: [] })
    expect(text).not.toMatch(/\{ *\};/)
    expect(text).toContain('set allowed { type ipv4_addr; flags interval; auto-merge; }')
  })
})
