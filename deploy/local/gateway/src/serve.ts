import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Client } from './proxy/client.ts'
import { checkAccess } from './proxy/forward-auth.ts'
import { clientHeaders, type HeaderList, withoutHeaders } from './proxy/headers.ts'
import { isUnambiguous, pathOf } from './proxy/request-checks.ts'
import type { Upstream } from './proxy/upstream.ts'
import { canonicalHost } from './routes/canonical-host.ts'
import type { Route } from './routes/parse-route-file.ts'
import type { RouteFolder } from './routes/route-folder.ts'

export interface ServeDeps {
  readonly routes: RouteFolder
  readonly upstream: Upstream
  readonly log: Logger
}

/** Takes a request from its host name to its service, or to the refusal it deserves. */
export function createServe({ routes, upstream, log }: ServeDeps): (client: Client) => void {
  async function findRoute(request: IncomingMessage): Promise<Route | null> {
    const host = canonicalHost(request.headers.host)
    if (host === null) return null
    const path = pathOf(request.url ?? '/')
    const found = routes.table.match(host, path)
    if (found) return found
    // The browser may be quicker than the file-system event that tells of its route.
    await routes.refresh()
    upstream.retain(routes.table.services)
    return routes.table.match(host, path) ?? routes.table.lastResort
  }

  /** The headers the service may see, or null when the client was answered already. */
  async function admit({ request, signal, ...client }: Client, route: Route) {
    const headers = clientHeaders(request)
    if (!route.auth) return headers
    const verdict = await checkAccess(request, route.auth, signal)
    if (signal.aborted) return null
    if (verdict.kind === 'down') {
      log.error({ err: verdict.cause, router: route.name }, 'access check down')
      client.refuse(503)
      return null
    }
    if (verdict.kind === 'refused') {
      client.relay(verdict)
      return null
    }
    return [...withoutHeaders(headers, verdict.replaces), ...verdict.headers]
  }

  async function forward(client: Client, route: Route, headers: HeaderList): Promise<void> {
    try {
      await client.forward(route, headers)
    } catch (err) {
      if (client.signal.aborted) return
      log.warn({ err, router: route.name }, 'service failed')
      client.refuse(502)
    }
  }

  async function handle(client: Client): Promise<void> {
    if (!isUnambiguous(client.request)) return client.refuse(400)
    const route = await findRoute(client.request)
    if (!route) return client.refuse(404)
    const headers = await admit(client, route)
    if (headers) await forward(client, route, headers)
  }

  return (client) => {
    handle(client).catch((err: unknown) => {
      log.error({ err }, 'request failed')
      client.refuse(502)
    })
  }
}
