import { request as httpRequest, type IncomingMessage } from 'node:http'
import { AUTH_BODY_BYTES_MAX, AUTH_TIMEOUT_MS, HEADER_BYTES_MAX } from '../limits.ts'
import type { Route } from '../routes/parse-route-file.ts'
import {
  authHeaders,
  canonicalHeaderName,
  clientHeaders,
  flat,
  type HeaderList,
  headerList,
  withoutHeaders,
  withoutHopByHop,
} from './headers.ts'

export type AuthVerdict =
  /** `headers` replace the client's own of the same names, in any spelling. */
  | { readonly kind: 'allowed'; readonly headers: HeaderList; readonly replaces: readonly string[] }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly statusText: string
      readonly headers: HeaderList
      readonly body: Buffer
    }
  /** The check cannot be reached, is too slow or talks nonsense: nobody gets in. */
  | { readonly kind: 'down'; readonly cause: unknown }

/** Length and encoding of the client's body, which the check does not get. */
const OF_THE_BODY = ['content-length', 'content-encoding', 'expect']

/** Asks the access check about a request, as Traefik's forwardAuth does. Never throws. */
export async function checkAccess(
  request: IncomingMessage,
  auth: NonNullable<Route['auth']>,
  signal: AbortSignal,
): Promise<AuthVerdict> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(AUTH_TIMEOUT_MS)])
    const reply = await ask(request, auth.address, deadline)
    const status = reply.statusCode ?? 500
    const body = await readBody(reply)
    const headers = withoutHopByHop(headerList(reply.rawHeaders))
    if (status < 200 || status > 299) {
      return { kind: 'refused', status, statusText: reply.statusMessage ?? '', headers, body }
    }
    const wanted = new Set(auth.responseHeaders.map(canonicalHeaderName))
    return {
      kind: 'allowed',
      headers: headers.filter(([name]) => wanted.has(name.toLowerCase())),
      replaces: auth.responseHeaders,
    }
  } catch (cause) {
    return { kind: 'down', cause }
  }
}

function ask(client: IncomingMessage, address: string, signal: AbortSignal) {
  const passed = withoutHeaders(clientHeaders(client), ['host', ...OF_THE_BODY])
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(address, {
      method: 'GET',
      // A fresh connection each time: one that the check has just closed would read as "down".
      agent: false,
      signal,
      maxHeaderSize: HEADER_BYTES_MAX,
      headers: flat([['Host', new URL(address).host], ...passed, ...authHeaders(client)]),
    })
    request.on('response', resolve)
    request.on('upgrade', (_reply, socket) => {
      socket.destroy()
      reject(new Error('the access check upgraded the connection'))
    })
    request.on('error', reject)
    request.end()
  })
}

async function readBody(reply: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of reply as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > AUTH_BODY_BYTES_MAX) throw new Error('the answer of the access check is too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
