import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CONNECT_TIMEOUT_MS,
  HEADER_BYTES_MAX,
  HOLD_MS,
  HOLD_RETRY_EVERY_MS,
  IDLE_MS,
  TCP_KEEPALIVE_MS,
} from '../limits.ts'
import type { Route } from '../routes/parse-route-file.ts'
import { flat, forwardedHeaders, type HeaderList, withoutHeader } from './headers.ts'

/** Connects to services, and holds the first requests to one that is still booting. */
export interface Upstream {
  connect(route: Route, request: IncomingMessage, signal: AbortSignal): Promise<Socket>
  /** Forgets services that no route leads to any more. */
  retain(services: ReadonlySet<string>): void
}

const HELD_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

export function createUpstream(): Upstream {
  /** Services that were connected to once: when such a one refuses, it is gone, not booting. */
  const seen = new Set<string>()

  return {
    async connect(route, request, signal) {
      const isHeld = HELD_METHODS.has(request.method ?? '') && !seen.has(route.serviceUrl)
      const giveUpAt = performance.now() + (isHeld ? HOLD_MS : 0)
      for (;;) {
        try {
          const socket = await open(route.serviceUrl, signal)
          seen.add(route.serviceUrl)
          return socket
        } catch (error) {
          signal.throwIfAborted()
          if (!isRefused(error) || performance.now() >= giveUpAt) throw error
          await sleep(HOLD_RETRY_EVERY_MS, undefined, { signal })
        }
      }
    },
    retain(services) {
      for (const service of seen) if (!services.has(service)) seen.delete(service)
    },
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}

/** `[::1]` in a URL is `::1` to a socket. */
function addressOf(serviceUrl: string): { host: string; port: number } {
  const url = new URL(serviceUrl)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) }
}

function open(serviceUrl: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    // Half-open: a WebSocket peer that has said its last word may still be listening.
    const socket = connect({ ...addressOf(serviceUrl), allowHalfOpen: true, noDelay: true })
    const onAbort = () => finish(new Error('the client went away'))
    const onTimeout = () => finish(new Error('connect timed out'))
    const finish = (error?: Error) => {
      signal.removeEventListener('abort', onAbort)
      socket.off('timeout', onTimeout)
      if (error) {
        // An error of a socket that is given up has nobody left to hear it.
        socket.on('error', () => undefined)
        socket.destroy()
        return reject(error)
      }
      socket.off('error', finish)
      socket.setTimeout(IDLE_MS, () => socket.destroy())
      socket.setKeepAlive(true, TCP_KEEPALIVE_MS)
      resolve(socket)
    }
    signal.addEventListener('abort', onAbort)
    socket.once('connect', () => finish())
    socket.once('error', finish)
    socket.setTimeout(CONNECT_TIMEOUT_MS)
    socket.once('timeout', onTimeout)
  })
}

export interface Forwarded {
  readonly route: Route
  readonly request: IncomingMessage
  /** The client's headers after the access check. */
  readonly headers: HeaderList
  readonly socket: Socket
}

/** Begins the request to the service on a connection that is there already. */
export function beginRequest(forwarded: Forwarded, extra: HeaderList): ClientRequest {
  const { route, request, socket } = forwarded
  const host = route.isHostPassed ? (request.headers.host ?? '') : new URL(route.serviceUrl).host
  const passed = withoutHeader(withoutHeader(forwarded.headers, 'host'), 'expect')
  return httpRequest({
    // Without `agent`: given one, even `false`, Node would not use this connection.
    createConnection: () => socket,
    method: request.method ?? 'GET',
    path: route.replacedPath ?? request.url ?? '/',
    maxHeaderSize: HEADER_BYTES_MAX,
    setHost: false,
    headers: flat([['Host', host], ...passed, ...forwardedHeaders(request), ...extra]),
  })
}
