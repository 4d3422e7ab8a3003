import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { errorPage } from './error-page.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import type { Target } from './target.ts'
import type { Upstreams } from './upstream.ts'

/** Between two bytes of an answer. Server-sent events and slow builds say nothing for long. */
const IDLE_MS = 60 * 60_000

export interface ProxyRequestInput {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  readonly upstreams: Upstreams
  /** Bytes the user's side sends. */
  readonly onBytes: (bytes: number) => void
}

/** Passes a request on, streaming both ways; whoever goes first takes the other along. */
export function proxyRequest(input: ProxyRequestInput): void {
  const { incoming, response, target, upstreams } = input
  const outgoing = request({
    agent: upstreams.agent(target),
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: [...requestHeaders(incoming.rawHeaders), ...framing(incoming)],
    setHost: false,
    timeout: IDLE_MS,
  })
  outgoing.on('timeout', () => outgoing.destroy(new Error('upstream idle')))
  outgoing.on('error', () => sendBadGateway(response, target))
  outgoing.on('response', (answer) => pass(answer, response))
  // An upgrade is handled elsewhere; a program that switches protocols unasked is broken.
  outgoing.on('upgrade', (_answer, socket) => socket.destroy())
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy()
  })
  sendBody(incoming, outgoing, input.onBytes)
}

/** A body of unknown length is chunked again on our side; a known length is passed as it is. */
function framing(incoming: IncomingMessage): string[] {
  const isChunked = incoming.headers['transfer-encoding'] !== undefined
  return isChunked ? ['Transfer-Encoding', 'chunked'] : []
}

function sendBody(
  incoming: IncomingMessage,
  outgoing: ClientRequest,
  onBytes: (bytes: number) => void,
): void {
  const length = incoming.headers['content-length']
  if (framing(incoming).length === 0 && (length === undefined || length === '0')) {
    outgoing.end()
    return
  }
  incoming.on('data', (chunk: Buffer) => onBytes(chunk.length))
  // Not `pipeline`: when the program refuses the body early, its answer still has to come back.
  incoming.pipe(outgoing)
  incoming.once('aborted', () => outgoing.destroy())
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed) return void answer.destroy()
  const status = answer.statusCode ?? 502
  response.writeHead(status, answer.statusMessage, responseHeaders(answer.rawHeaders))
  response.flushHeaders()
  pipeline(answer, response, () => {
    // Both are closed now; a cut answer is seen by the client as what it is.
  })
}

export function sendBadGateway(response: ServerResponse, target: Target): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const page = errorPage(502, whyNotThere(target))
  response.writeHead(page.status, page.headers)
  response.end(page.body)
}

export function whyNotThere(target: Target): string {
  return target.kind === 'ide'
    ? 'VS Code does not answer. It is started again by itself; reload in a moment.'
    : `Nothing answers on port ${target.port} of this machine. Is your program running?`
}
