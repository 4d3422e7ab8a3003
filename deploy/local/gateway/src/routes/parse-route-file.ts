import { type RouteFile, routeFile } from '@vessel/proto/gateway/route-file'
import { parseValue } from '@vessel/proto/parse'
import { CORE_SCHEMA, load } from 'js-yaml'

/** One router with all it refers to filled in. */
export interface Route {
  readonly name: string
  /** Null: for names that have no route of their own. */
  readonly host: string | null
  readonly pathPrefix: string
  readonly priority: number
  readonly serviceUrl: string
  readonly isHostPassed: boolean
  readonly auth: { readonly address: string; readonly responseHeaders: readonly string[] } | null
  /** What the service is asked for instead of what the client asked for. */
  readonly replacedPath: string | null
}

export interface RouteFileContent {
  readonly routes: readonly Route[]
  /** Names as Traefik sees them, global over all files: `router:a`, `service:a`, `middleware:a`. */
  readonly names: readonly string[]
}

const RULE = /^(?:Host\(`(?<host>[^`]+)`\))?(?: && )?(?:PathPrefix\(`(?<prefix>[^`]+)`\))?$/

function namesOf(http: RouteFile['http']): string[] {
  return [
    ...Object.keys(http.routers).map((name) => `router ${name}`),
    ...Object.keys(http.services).map((name) => `service ${name}`),
    ...Object.keys(http.middlewares ?? {}).map((name) => `middleware ${name}`),
  ]
}

function middlewareOf(name: string, http: RouteFile['http']): Pick<Route, 'auth' | 'replacedPath'> {
  const middlewares = http.routers[name]?.middlewares ?? []
  if (middlewares.length > 1) throw new Error(`router ${name}: more than one middleware`)
  const [wanted] = middlewares
  if (wanted === undefined) return { auth: null, replacedPath: null }
  const middleware = http.middlewares?.[wanted]
  if (!middleware) throw new Error(`router ${name}: no middleware ${wanted} in this file`)
  const { forwardAuth: check, replacePath } = middleware
  return {
    auth: check
      ? { address: check.address, responseHeaders: check.authResponseHeaders ?? [] }
      : null,
    replacedPath: replacePath?.path ?? null,
  }
}

function routeOf(name: string, http: RouteFile['http']): Route {
  const router = http.routers[name]
  const rule = RULE.exec(router?.rule ?? '')?.groups
  if (!router || !rule) throw new Error(`router ${name}: rule not understood`)

  const service = http.services[router.service]
  const serviceUrl = service?.loadBalancer.servers[0]?.url
  if (!service || !serviceUrl) {
    throw new Error(`router ${name}: no service ${router.service} in this file`)
  }
  const url = new URL(serviceUrl)
  if (url.pathname !== '/' || url.search || url.username) {
    throw new Error(`service ${router.service}: only http://host:port is understood`)
  }
  return {
    name,
    host: rule.host ?? null,
    pathPrefix: rule.prefix ?? '/',
    // Traefik's own default: the longer rule is looked at first.
    priority: router.priority ?? router.rule.length,
    serviceUrl: url.origin,
    isHostPassed: service.loadBalancer.passHostHeader ?? true,
    ...middlewareOf(name, http),
  }
}

/** Reads one Traefik dynamic file of the agent, or throws an error that says what is wrong. */
export function parseRouteFile(text: string): RouteFileContent {
  const { http } = parseValue(routeFile, load(text, { schema: CORE_SCHEMA }))
  return {
    routes: Object.keys(http.routers).map((name) => routeOf(name, http)),
    names: namesOf(http),
  }
}
