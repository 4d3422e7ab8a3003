import { type Network, textOf } from '../../../host/ipv4.ts'
import type { RunTool } from '../run-tool.ts'
import { type Forwarding, prepareTap } from './forwarding.ts'
import { isTap, type Link, readLinks, readRoutes, uplinksOf } from './links.ts'
import { placeWith } from './places.ts'
import { hostResolvers, usableResolvers } from './resolvers.ts'
import type { RuleTable } from './rule-table.ts'
import type { Taps } from './taps.ts'

/** What an operator may decide about the network of machines. */
export interface TapSettings {
  /** Every machine gets four addresses of it. */
  readonly range: Network
  /** Null: the host's own. */
  readonly dns: readonly string[] | null
  readonly denied: readonly Network[]
  readonly allowed: readonly Network[]
}

export interface SettleDeps {
  readonly settings: TapSettings
  readonly forwarding: Forwarding
  readonly taps: Taps
  readonly table: RuleTable
  readonly run: RunTool
}

const USUAL_MTU = 1_500

export async function resolversFor(
  links: readonly Link[],
  dns: readonly string[] | null,
): Promise<readonly string[]> {
  const own = new Set(links.flatMap(({ addresses }) => addresses))
  return dns ? usableResolvers(dns, own) : hostResolvers(own)
}

/** What the host is like at this moment, as far as machines are concerned. */
export interface Surroundings {
  readonly links: readonly Link[]
  readonly uplinks: readonly string[]
  readonly dns: readonly string[]
  /** Of the narrowest way out, so that nothing a machine sends is too large for it. */
  readonly mtu: number
}

export async function lookAround({
  settings,
  run,
}: Pick<SettleDeps, 'settings' | 'run'>): Promise<Surroundings> {
  const links = await readLinks(run)
  const uplinks = uplinksOf(await readRoutes(run), settings.allowed)
  const used = links.filter(({ name }) => uplinks.includes(name))
  const mtu = Math.min(USUAL_MTU, ...used.map((link) => link.mtu))
  return { links, uplinks, mtu, dns: await resolversFor(links, settings.dns) }
}

/** Makes rules and forwarding fit the taps that are there. */
export async function settle(deps: SettleDeps): Promise<void> {
  const { settings, forwarding, taps, table } = deps
  const { links, uplinks, dns } = await lookAround(deps)
  const own = taps.own(links)
  if (own.length === 0) {
    await table.remove()
    // Other agents' machines are answered by the same links.
    if (!links.some(isTap)) await forwarding.close()
    return
  }
  await table.apply({
    machines: own.flatMap(({ name, networks }) => networks.map((at) => placeWith(name, at))),
    denied: [...settings.denied, settings.range].map(textOf),
    allowed: settings.allowed.map(textOf),
    closedUplinks: await forwarding.note(uplinks),
    dns,
  })
  await forwarding.open(uplinks)
  for (const { name } of own) await prepareTap(name)
}
