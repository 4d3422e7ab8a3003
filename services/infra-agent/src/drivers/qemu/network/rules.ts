import { NEVER } from './never.ts'
import { TAP_PREFIX } from './places.ts'

export interface RuleSet {
  readonly table: string
  readonly machines: readonly { readonly tap: string; readonly address: string }[]
  /** Name servers: reached at port 53 even inside a denied network. */
  readonly dns: readonly string[]
  readonly denied: readonly string[]
  /** Inside the denied ones, and reached all the same. */
  readonly allowed: readonly string[]
  /** Forwarded nothing before us and shall forward nothing but what is ours. */
  readonly closedUplinks: readonly string[]
}

/** Why something was dropped, in the order of looking; `nft list counters` shows how often. */
export const COUNTERS = [
  'spoofed',
  'to_host',
  'to_machine',
  'to_denied',
  'too_many',
  'from_outside',
] as const
export type Counter = (typeof COUNTERS)[number]

/** Connections of one machine at a time: the host's own need room in the kernel's table, too. */
const FLOWS_MAX = 4_096
/** Machines whose connections are counted; each needs four addresses of a range. */
const COUNTED_MAX = 65_536

const NEW = 'ct state != { established, related }'
const HERE = 'fib daddr type { local, broadcast, multicast, anycast }'
const drop = (counter: Counter): string => `counter name ${counter} drop`
const quoted = (name: string): string => `"${name}"`

function setOf(name: string, type: string, elements: readonly string[]): string {
  const flags = type === 'ipv4_addr' ? ' flags interval; auto-merge;' : ''
  const content = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} };`
  return `  set ${name} { type ${type};${flags}${content} }`
}

/**
 * Replaces the table as one, so that no packet meets half of it. A verdict to accept ends our own
 * chain only: whatever else the host forbids stays forbidden.
 */
export function renderRules(rules: RuleSet): string {
  const { machines, closedUplinks } = rules
  const fromMachine = 'iifname @taps'
  return `${[
    ...dropTable(rules.table),
    `table inet ${rules.table} {`,
    ...COUNTERS.map((name) => `  counter ${name} { }`),
    setOf(
      'taps',
      'ifname',
      machines.map(({ tap }) => quoted(tap)),
    ),
    setOf(
      'ends',
      'ifname . ipv4_addr',
      machines.map(({ tap, address }) => `${quoted(tap)} . ${address}`),
    ),
    setOf(
      'machines',
      'ipv4_addr',
      machines.map(({ address }) => address),
    ),
    setOf('dns', 'ipv4_addr', rules.dns),
    setOf('never', 'ipv4_addr', NEVER),
    setOf('denied', 'ipv4_addr', rules.denied),
    setOf('allowed', 'ipv4_addr', rules.allowed),
    setOf('closed_uplinks', 'ifname', closedUplinks.map(quoted)),
    `  set flows { type ipv4_addr; size ${COUNTED_MAX}; flags dynamic; }`,
    chain('source', 'type filter hook prerouting priority raw; policy accept;', [
      `${fromMachine} meta nfproto != ipv4 ${drop('spoofed')}`,
      `${fromMachine} iifname . ip saddr != @ends ${drop('spoofed')}`,
    ]),
    // Before anybody's forwarding of ports could turn the host's address into another one.
    chain('to_this_host', 'type filter hook prerouting priority mangle; policy accept;', [
      `${fromMachine} ${NEW} ${HERE} ${drop('to_host')}`,
    ]),
    chain('input', 'type filter hook input priority filter - 10; policy accept;', [
      `${fromMachine} ct state established accept`,
      `${fromMachine} ct state related meta l4proto icmp accept`,
      `${fromMachine} ${drop('to_host')}`,
    ]),
    chain('forward', 'type filter hook forward priority filter - 10; policy accept;', [
      `${fromMachine} jump outwards`,
      'oifname @taps ct state established,related accept',
      `oifname @taps ${drop('from_outside')}`,
      `iifname @closed_uplinks oifname != "${TAP_PREFIX}*" ${drop('from_outside')}`,
    ]),
    chain('outwards', '', [
      `oifname "${TAP_PREFIX}*" ${drop('to_machine')}`,
      `ip daddr @never ${drop('to_denied')}`,
      `ct state new add @flows { ip saddr ct count over ${FLOWS_MAX} } ${drop('too_many')}`,
      'ip daddr @dns meta l4proto { tcp, udp } th dport 53 accept',
      'ip daddr @allowed accept',
      `ip daddr @denied ${drop('to_denied')}`,
      'accept',
    ]),
    chain('leave', 'type nat hook postrouting priority srcnat; policy accept;', [
      `ip saddr @machines oifname != "${TAP_PREFIX}*" masquerade`,
    ]),
    '}',
  ].join('\n')}\n`
}

function chain(name: string, hook: string, rules: readonly string[]): string {
  const lines = [hook, ...rules].filter((line) => line !== '').map((line) => `    ${line}`)
  return [`  chain ${name} {`, ...lines, '  }'].join('\n')
}

/** Also where there is none: it is made first. */
const dropTable = (table: string): string[] => [`table inet ${table}`, `delete table inet ${table}`]

export const renderNoRules = (table: string): string => `${dropTable(table).join('\n')}\n`
