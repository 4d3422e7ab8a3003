import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ERRORS, VesselError } from '@vessel/proto/errors'
import { HEADERS } from '@vessel/proto/headers'
import { sendError } from './respond.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface Route {
  readonly method: string
  readonly path: string
  readonly handle: Handler
}

export interface ServerDeps {
  readonly isAllowed: (headers: IncomingMessage['headers']) => boolean
  readonly routes: readonly Route[]
  readonly proxy: {
    request: Handler
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  }
  readonly onBug: (thrown: unknown) => void
}

/** A client that does not finish its headers in this time holds a socket for nothing. */
const HEADERS_MS = 30_000
/** The host has a few connections; a browser's go through the gateway, six and some WebSockets. */
const CONNECTIONS_MAX = 2_048

const ignore = (): void => undefined

/** The one port of the guest: our own routes, or, with a target, the way to the user's programs. */
export function createGuestServer(deps: ServerDeps): Server {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!deps.isAllowed(request.headers)) throw new VesselError('UNAUTHENTICATED')
    if (request.headers[HEADERS.target] !== undefined) return deps.proxy.request(request, response)
    return findRoute(deps.routes, request).handle(request, response)
  }
  const server = createServer({ headersTimeout: HEADERS_MS }, (request, response) => {
    // A client that leaves is an error of both streams, which may come when nobody reads any more.
    // Whoever does read or write hears of it there; here it only must not end the process.
    request.on('error', ignore)
    response.on('error', ignore)
    handle(request, response).catch((thrown) => {
      const error = VesselError.from(thrown)
      if (error.kind === 'bug' && !response.destroyed) deps.onBug(thrown)
      sendError(response, error)
    })
  })
  // Uploads of gigabytes take their time; their own idle limit watches them.
  server.requestTimeout = 0
  server.maxConnections = CONNECTIONS_MAX
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Detached from the server, the socket's errors are ours from here on.
    socket.on('error', () => socket.destroy())
    upgrade(deps, { request, socket, head }).catch((thrown) => refuseUpgrade(socket, thrown))
  })
  return server
}

async function upgrade(
  deps: ServerDeps,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
): Promise<void> {
  if (!deps.isAllowed(request.headers)) throw new VesselError('UNAUTHENTICATED')
  if (request.headers[HEADERS.target] === undefined) throw new VesselError('NOT_FOUND')
  await deps.proxy.upgrade(request, socket, head)
}

function findRoute(routes: readonly Route[], request: IncomingMessage): Route {
  const path = (request.url ?? '/').split('?', 1)[0]
  const here = routes.filter((route) => route.path === path)
  if (here.length === 0) throw new VesselError('NOT_FOUND')
  const route = here.find(({ method }) => method === request.method)
  if (!route) throw new VesselError('METHOD_NOT_ALLOWED')
  return route
}

function refuseUpgrade(socket: Duplex, thrown: unknown): void {
  const error = VesselError.from(thrown)
  const body = `${JSON.stringify(error.toShape())}\n`
  socket.end(
    `HTTP/1.1 ${ERRORS[error.code].status} Refused\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
