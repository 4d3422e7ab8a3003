import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ERRORS, VesselError } from '@vessel/proto/errors'
import { ASLEEP_PATH, ENTER_PATH, ENTERED_PATH, VESSEL_PATH } from '@vessel/proto/headers'
import type { AccessCheck } from '../gateway/check-access.ts'
import { type EnterDeps, enterWorkspace } from '../gateway/enter.ts'
import { PAGE_HEADERS, plainPage } from '../gateway/pages.ts'
import type { Log } from '../vm/ports.ts'
import type { Metrics } from './metrics.ts'

export interface HttpDeps {
  readonly dashboardUrl: string
  readonly enter: EnterDeps
  readonly checkAccess: AccessCheck
  readonly metrics: Metrics
  readonly isReady: () => boolean
  readonly log: Log
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Nothing that is sent here has a body worth reading. */
const HEADER_BYTES_MAX = 64 * 1024

const ASLEEP = 'Nothing is running under this address. Open the project again to go on.'

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? undefined : value

/** The agent's own HTTP interface. It listens on loopback and answers only to names it knows. */
export function createHttpServer(deps: HttpDeps): Server {
  const options = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  }
  return createServer(options, (request, response) => {
    answer(deps, request, response).catch((thrown) => {
      deps.log.error({ err: thrown }, 'request not answered')
      response.destroy()
    })
  })
}

/** By name or by another site's DNS nobody may talk to what listens here (DNS rebinding). */
function isForUs(request: IncomingMessage): boolean {
  const host = request.headers.host ?? ''
  const port = request.socket.localPort
  return [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `${request.socket.localAddress}:${port}`,
  ].includes(host)
}

async function answer(deps: HttpDeps, request: IncomingMessage, response: ServerResponse) {
  // No body is ever read: it is dropped as it comes.
  request.resume()
  const url = new URL(request.url ?? '/', 'http://here.invalid')
  try {
    if (url.pathname.startsWith(`${VESSEL_PATH}/`))
      return await answerVessel(deps, request, response)
    if (!isForUs(request)) throw new VesselError('NOT_FOUND')
    if (url.pathname === '/gateway/auth') return await answerAccess(deps, request, response)
    if (url.pathname === '/healthz') return sendText(response, 200, 'ok\n')
    if (url.pathname === '/readyz') {
      return sendText(
        response,
        deps.isReady() ? 200 : 503,
        deps.isReady() ? 'ready\n' : 'not ready\n',
      )
    }
    if (url.pathname === '/metrics') {
      response.writeHead(200, { 'content-type': deps.metrics.registry.contentType })
      response.end(await deps.metrics.registry.metrics())
      return
    }
    throw new VesselError('NOT_FOUND')
  } catch (thrown) {
    sendError(deps, response, thrown)
  }
}

async function answerVessel(deps: HttpDeps, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://here.invalid')
  if (url.pathname === ENTERED_PATH) {
    response.writeHead(200, PAGE_HEADERS)
    return response.end(plainPage('This browser was let in.', deps.dashboardUrl))
  }
  if (url.pathname === ASLEEP_PATH) throw new VesselError('NOT_FOUND', { detail: ASLEEP })
  if (url.pathname !== ENTER_PATH) throw new VesselError('NOT_FOUND')
  const { headers } = request
  const { status, headers: extra } = await enterWorkspace(
    {
      method: request.method,
      host: headers.host,
      query: url.searchParams,
      purpose: one(headers['sec-purpose']) ?? one(headers.purpose) ?? one(headers['x-moz']),
      destination: one(headers['sec-fetch-dest']),
    },
    deps.enter,
  )
  response.writeHead(status, {
    ...extra,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  response.end()
}

async function answerAccess(deps: HttpDeps, request: IncomingMessage, response: ServerResponse) {
  const { headers } = request
  const granted = await deps.checkAccess({
    host: one(headers['x-forwarded-host']),
    method: one(headers['x-forwarded-method']),
    origin: one(headers.origin),
    cookie: headers.cookie,
    // A gateway does not pass `Upgrade` on, but the handshake's own headers.
    isWebSocket: 'sec-websocket-key' in headers || 'upgrade' in headers,
  })
  deps.metrics.countAccess(200)
  response.writeHead(200, { ...granted.headers, 'cache-control': 'no-store' })
  response.end()
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(text)
}

/** The check being broken closes the door; it never opens it. */
const STATUS_OF_BUG = 503

function sendError(deps: HttpDeps, response: ServerResponse, thrown: unknown): void {
  const error = VesselError.from(thrown)
  const isBug = error.kind === 'bug'
  if (isBug) deps.log.error({ err: thrown }, 'request failed')
  const { status: known, title } = ERRORS[error.code]
  const status = isBug ? STATUS_OF_BUG : known
  deps.metrics.countAccess(status)
  response.writeHead(status, {
    ...PAGE_HEADERS,
    ...(error.kind === 'unavailable' || isBug ? { 'retry-after': '2' } : {}),
  })
  response.end(plainPage(isBug ? title : error.message, deps.dashboardUrl))
}
