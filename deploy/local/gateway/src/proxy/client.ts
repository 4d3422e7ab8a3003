import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Route } from '../routes/parse-route-file.ts'
import { forwardRequest } from './forward-request.ts'
import { forwardUpgrade } from './forward-upgrade.ts'
import { flat, type HeaderList } from './headers.ts'
import { type RefusalStatus, refuse, refuseUpgrade } from './refuse.ts'
import type { Upstream } from './upstream.ts'

/** An answer that was made elsewhere and is passed on whole. */
export interface Relayed {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
  readonly body: Buffer
}

/** A request and the ways to answer it: by a response object, or on a bare socket. */
export interface Client {
  readonly request: IncomingMessage
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  refuse(status: RefusalStatus): void
  relay(answer: Relayed): void
  forward(route: Route, headers: HeaderList): Promise<void>
}

interface Plain {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly upstream: Upstream
}

/** A client that asked for a page or a file. */
export function plainClient({ request, response, upstream }: Plain): Client {
  const signal = abortWith(response)
  return {
    request,
    signal,
    refuse: (status) => refuse(response, status),
    relay: ({ status, statusText, headers, body }) =>
      void response.writeHead(status, statusText, flat(headers)).end(body),
    forward: async (route, headers) => {
      const socket = await upstream.connect(route, request, signal)
      await forwardRequest({ route, request, headers, socket }, response)
    },
  }
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What the client sent right behind its request. */
  readonly head: Buffer
  readonly upstream: Upstream
}

/** A client that asked to leave HTTP, which is to say for a WebSocket. */
export function upgradeClient({ request, socket, head, upstream }: Upgrade): Client {
  const signal = abortWith(socket)
  return {
    request,
    signal,
    refuse: (status) => refuseUpgrade(socket, status),
    relay: (answer) => relayToSocket(socket, answer),
    forward: async (route, headers) => {
      const service = await upstream.connect(route, request, signal)
      await forwardUpgrade({ route, request, headers, socket: service }, socket, head)
    },
  }
}

function abortWith(client: ServerResponse | Duplex): AbortSignal {
  const controller = new AbortController()
  client.once('close', () => controller.abort(new Error('the client went away')))
  return controller.signal
}

function relayToSocket(socket: Duplex, { status, statusText, headers, body }: Relayed): void {
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'content-length')
  const lines = [
    `HTTP/1.1 ${status} ${statusText}`,
    ...kept.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  socket.end(Buffer.concat([head, body]), () => socket.destroy())
}
