import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { type Network, networkAround, overlap } from '../../../host/ipv4.ts'
import type { RunTool } from '../run-tool.ts'
import { TAP_PREFIX } from './places.ts'

/** `ip -json -details address show`; without the details it keeps the alias to itself. */
const linkList = z.array(
  z.object({
    ifname: z.string(),
    mtu: z.int().positive(),
    ifalias: z.string().optional(),
    addr_info: z.array(
      z.object({ family: z.string(), local: z.string().optional(), prefixlen: z.int() }),
    ),
  }),
)
/** `ip -json route show`. */
const throughLink = z.object({ dev: z.string().optional() })
const routeList = z.array(
  throughLink.extend({ dst: z.string(), nexthops: z.array(throughLink).optional() }),
)

export interface Link {
  readonly name: string
  readonly mtu: number
  readonly alias: string
  /** IPv4 only. */
  readonly addresses: readonly string[]
  readonly networks: readonly Network[]
}

export const isTap = ({ name }: Pick<Link, 'name'>): boolean => name.startsWith(TAP_PREFIX)

export function parseLinks(text: string): Link[] {
  return parseJson(linkList, text).map(({ ifname, mtu, ifalias, addr_info }) => {
    const own = addr_info.flatMap(({ family, local, prefixlen }) =>
      family === 'inet' && local ? [{ local, prefixlen }] : [],
    )
    return {
      ...{ name: ifname, mtu, alias: ifalias ?? '' },
      addresses: own.map(({ local }) => local),
      networks: own.map(({ local, prefixlen }) => networkAround(local, prefixlen)),
    }
  })
}

export interface Route {
  /** Null: the way to everywhere else. */
  readonly network: Network | null
  readonly link: string
}

function networkOf(destination: string): Network | null {
  if (destination === 'default') return null
  const [address = '', prefix = '32'] = destination.split('/')
  return networkAround(address, Number(prefix))
}

/** Those that lead somewhere, with each link that they lead through. */
export function parseRoutes(text: string): Route[] {
  return parseJson(routeList, text).flatMap(({ dst, dev, nexthops = [] }) =>
    [dev, ...nexthops.map((hop) => hop.dev)].flatMap((link) =>
      link === undefined ? [] : [{ network: networkOf(dst), link }],
    ),
  )
}

/** Through which links machines reach the outside, and the networks that are open to them. */
export function uplinksOf(routes: readonly Route[], allowed: readonly Network[]): string[] {
  const isWayOut = ({ network }: Route) =>
    network === null || allowed.some((open) => overlap(open, network))
  const found = routes.filter((route) => !isTap({ name: route.link }) && isWayOut(route))
  return [...new Set(found.map(({ link }) => link))].sort()
}

export async function readLinks(run: RunTool): Promise<Link[]> {
  return parseLinks(await run('ip', ['-json', '-details', 'address', 'show']))
}

export async function readRoutes(run: RunTool): Promise<Route[]> {
  return parseRoutes(await run('ip', ['-json', '-4', 'route', 'show']))
}
