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
import { plainClient, upgradeClient } from './proxy/client.ts'
import { createUpstream } from './proxy/upstream.ts'
import type { RouteFolder } from './routes/route-folder.ts'
import { createServe } from './serve.ts'

export interface GatewayDeps {
  readonly routes: RouteFolder
  readonly log: Logger
}

export interface Gateway {
  readonly server: Server
  close(): Promise<void>
}

/** The stand-in for Traefik: routes by host, checks access, proxies HTTP and WebSockets. */
export function createGateway(deps: GatewayDeps): Gateway {
  const upstream = createUpstream()
  const serve = createServe({ ...deps, upstream })
  /** Sockets after an upgrade are no longer the server's to close. */
  const upgraded = new Set<Duplex>()

  const server = createHttpServer((request, response) => {
    serve(plainClient({ request, response, upstream }))
  })
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    // A peer that breaks off is an ordinary end; 'close' follows and cleans up.
    socket.on('error', () => undefined)
    serve(upgradeClient({ request, socket, head, upstream }))
  })
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

async function closeServer(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  for (const socket of upgraded) socket.destroy()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
  await closed
  clearTimeout(timer)
}
