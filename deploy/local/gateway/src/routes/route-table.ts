import type { Route, RouteFileContent } from './parse-route-file.ts'

export interface FileFault {
  readonly file: string
  readonly fault: string
}

/** All routes of all files, ready to be asked. */
export interface RouteTable {
  readonly routerCount: number
  /** Origins of every service that is routed to. */
  readonly services: ReadonlySet<string>
  match(host: string, path: string): Route | null
  /** What answers where nothing matches. */
  readonly lastResort: Route | null
}

export interface BuiltTable {
  readonly table: RouteTable
  readonly faults: readonly FileFault[]
}

function byPriority(a: Route, b: Route): number {
  return b.priority - a.priority || (a.name < b.name ? -1 : 1)
}

/**
 * Merges files. Names are global in Traefik, so a file that repeats a name of an earlier one
 * (in the order of file names) is left out whole rather than half.
 */
export function buildRouteTable(files: ReadonlyMap<string, RouteFileContent>): BuiltTable {
  const owners = new Map<string, string>()
  const byHost = new Map<string | null, Route[]>()
  const services = new Set<string>()
  const faults: FileFault[] = []
  let routerCount = 0

  for (const [file, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const taken = content.names.find((name) => owners.has(name))
    if (taken !== undefined) {
      faults.push({ file, fault: `${taken} is already in ${owners.get(taken)}` })
      continue
    }
    for (const name of content.names) owners.set(name, file)
    for (const route of content.routes) {
      byHost.set(route.host, [...(byHost.get(route.host) ?? []), route])
      services.add(route.serviceUrl)
      routerCount += 1
    }
  }
  for (const routes of byHost.values()) routes.sort(byPriority)

  const match: RouteTable['match'] = (host, path) =>
    byHost.get(host)?.find((route) => path.startsWith(route.pathPrefix)) ?? null
  const lastResort = byHost.get(null)?.[0] ?? null
  return { table: { routerCount, services, match, lastResort }, faults }
}
