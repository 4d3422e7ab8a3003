import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import {
  CLOSE_GRACE_MS,
  CONNECTIONS_MAX,
  HEADER_BYTES_MAX,
  HEADERS_TIMEOUT_MS,
  IDLE_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  TCP_KEEPALIVE_MS,
} from './limits.ts'
import { checkAccess } from './proxy/forward-auth.ts'
import { forwardRequest } from './proxy/forward-request.ts'
import { forwardUpgrade } from './proxy/forward-upgrade.ts'
import { clientHeaders, flat, type HeaderList, withoutHeaders } from './proxy/headers.ts'
import { type RefusalStatus, refuse, refuseUpgrade } from './proxy/refuse.ts'
import { isUnambiguous, pathOf } from './proxy/request-checks.ts'
import { createUpstream } from './proxy/upstream.ts'
import { canonicalHost } from './routes/canonical-host.ts'
import type { Route } from './routes/parse-route-file.ts'
import type { RouteFolder } from './routes/route-folder.ts'

export interface GatewayDeps {
  readonly routes: RouteFolder
  readonly log: Logger
}

export interface Gateway {
  readonly server: Server
  close(): Promise<void>
}

/** How the two kinds of clients are answered: by a response object, or by a bare socket. */
interface Client {
  readonly request: IncomingMessage
  readonly signal: AbortSignal
  refuse(status: RefusalStatus): void
  relay(status: number, statusText: string, headers: HeaderList, body: Buffer): void
  forward(route: Route, headers: HeaderList): Promise<void>
}

/** The stand-in for Traefik: routes by host, checks access, proxies HTTP and WebSockets. */
export function createGateway({ routes, log }: GatewayDeps): Gateway {
  const upstream = createUpstream()
  /** Sockets after an upgrade are no longer the server's to close. */
  const upgraded = new Set<Duplex>()

  async function findRoute(request: IncomingMessage): Promise<Route | null> {
    const host = canonicalHost(request.headers.host)
    if (host === null) return null
    const path = pathOf(request.url ?? '/')
    const found = routes.table.match(host, path)
    if (found) return found
    // The browser may be quicker than the file-system event that tells of its route.
    await routes.refresh()
    upstream.retain(routes.table.services)
    return routes.table.match(host, path)
  }

  async function handle(client: Client): Promise<void> {
    const { request, signal } = client
    if (!isUnambiguous(request)) return client.refuse(400)
    const route = await findRoute(request)
    if (!route) return client.refuse(404)

    let headers = clientHeaders(request)
    if (route.auth) {
      const verdict = await checkAccess(request, route.auth, signal)
      if (signal.aborted) return
      if (verdict.kind === 'down') {
        log.error({ err: verdict.cause, router: route.name }, 'access check down')
        return client.refuse(503)
      }
      if (verdict.kind === 'refused') {
        return client.relay(verdict.status, verdict.statusText, verdict.headers, verdict.body)
      }
      headers = [...withoutHeaders(headers, verdict.replaces), ...verdict.headers]
    }
    try {
      await client.forward(route, headers)
    } catch (err) {
      if (signal.aborted) return
      log.warn({ err, router: route.name }, 'service failed')
      client.refuse(502)
    }
  }

  function start(client: Client): void {
    handle(client).catch((err: unknown) => {
      log.error({ err }, 'request failed')
      client.refuse(502)
    })
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const signal = abortWith(response)
    start({
      request,
      signal,
      refuse: (status) => refuse(response, status),
      relay: (status, text, headers, body) =>
        void response.writeHead(status, text, flat(headers)).end(body),
      forward: async (route, headers) => {
        const socket = await upstream.connect(route, request, signal)
        await forwardRequest({ route, request, headers, socket }, response)
      },
    })
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    // A peer that breaks off is an ordinary end; 'close' follows and cleans up.
    socket.on('error', () => undefined)
    const signal = abortWith(socket)
    start({
      request,
      signal,
      refuse: (status) => refuseUpgrade(socket, status),
      relay: (status, text, headers, body) =>
        relayToSocket(socket, { status, text, headers, body }),
      forward: async (route, headers) => {
        const service = await upstream.connect(route, request, signal)
        await forwardUpgrade({ route, request, headers, socket: service }, socket, head)
      },
    })
  }

  const server = createHttpServer(onRequest)
  server.on('upgrade', onUpgrade)
  return { server, close: () => closeServer(server, upgraded) }
}

function createHttpServer(onRequest: (req: IncomingMessage, res: ServerResponse) => void): Server {
  const server = createServer(
    {
      insecureHTTPParser: false,
      requireHostHeader: true,
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      // Uploads may take as long as they move; the idle limit ends those that do not.
      requestTimeout: 0,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEPALIVE_MS,
      noDelay: true,
    },
    onRequest,
  )
  server.maxConnections = CONNECTIONS_MAX
  server.setTimeout(IDLE_MS)
  return server
}

function abortWith(client: ServerResponse | Duplex): AbortSignal {
  const controller = new AbortController()
  client.once('close', () => controller.abort(new Error('the client went away')))
  return controller.signal
}

interface Relayed {
  readonly status: number
  readonly text: string
  readonly headers: HeaderList
  readonly body: Buffer
}

function relayToSocket(socket: Duplex, { status, text, headers, body }: Relayed): void {
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'content-length')
  const lines = [
    `HTTP/1.1 ${status} ${text}`,
    ...kept.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  socket.end(Buffer.concat([head, body]), () => socket.destroy())
}

async function closeServer(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  for (const socket of upgraded) socket.destroy()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
  await closed
  clearTimeout(timer)
}
