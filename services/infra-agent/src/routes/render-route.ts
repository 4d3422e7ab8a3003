import { LAST_PRIORITY, type RouteFile } from '@vessel/proto/gateway/route-file'
import { ASLEEP_PATH, HEADERS, VESSEL_PATH } from '@vessel/proto/headers'
import type { WorkspaceBase } from '../config.ts'
import type { VmRecord } from '../vm/record.ts'

/** Vessel's own paths win over the IDE's. Traefik's default is the length of the rule. */
const VESSEL_PRIORITY = 1_000
const PLAIN_PRIORITY = 100

export interface RouteContext {
  readonly base: WorkspaceBase
  /** Where the gateway finds this agent. */
  readonly agentUrl: string
}

const server = (url: string) => ({ loadBalancer: { servers: [{ url }], passHostHeader: true } })

/** The names a session answers under: its own, and one per port its programs listen on. */
export function labelsOf(record: Pick<VmRecord, 'slug' | 'ports'>): string[] {
  return [record.slug, ...record.ports.map((port) => `${port}--${record.slug}`)]
}

/** What the gateway has to know of a session. Null while its machine has no address. */
export function renderRoute(record: VmRecord, context: RouteContext): RouteFile | null {
  const { endpoint, session } = record
  if (!endpoint) return null
  const [guest, agent, auth] = [`guest-${session}`, `agent-${session}`, `auth-${session}`]
  const routers: RouteFile['http']['routers'] = {}
  for (const [index, label] of labelsOf(record).entries()) {
    const host = `Host(\`${label}.${context.base.domain}\`)`
    const name = `${index === 0 ? 'ide' : `port-${record.ports[index - 1]}`}-${session}`
    routers[name] = { rule: host, service: guest, middlewares: [auth], priority: PLAIN_PRIORITY }
    routers[`${name}-vessel`] = {
      rule: `${host} && PathPrefix(\`${VESSEL_PATH}/\`)`,
      service: agent,
      priority: VESSEL_PRIORITY,
    }
  }
  return {
    http: {
      routers,
      services: {
        [guest]: server(`http://${endpoint.ip}:${endpoint.port}`),
        [agent]: server(context.agentUrl),
      },
      middlewares: {
        [auth]: {
          forwardAuth: {
            address: `${context.agentUrl}/gateway/auth`,
            trustForwardHeader: false,
            // Named ones replace what the client sent, also when the answer leaves them empty.
            authResponseHeaders: [HEADERS.guestToken, HEADERS.target, HEADERS.visitor, 'cookie'],
          },
        },
      },
    },
  }
}

/**
 * For names that nothing runs under: a page that says so and leads back. The path is replaced, so
 * that nothing else of the agent can be asked for this way.
 */
export function renderAsleep({ agentUrl }: Pick<RouteContext, 'agentUrl'>): RouteFile {
  const name = 'vessel-asleep'
  const router = { rule: 'PathPrefix(`/`)', service: name, middlewares: [name] }
  return {
    http: {
      routers: { [name]: { ...router, priority: LAST_PRIORITY } },
      services: { [name]: server(agentUrl) },
      middlewares: { [name]: { replacePath: { path: ASLEEP_PATH } } },
    },
  }
}
