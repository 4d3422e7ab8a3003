import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** What the gateway itself says. Words for people, and no name or address from inside. */
const REFUSALS = {
  400: 'The request is not well formed.',
  404: 'There is nothing under this address. Open the project from the dashboard.',
  502: 'The workspace does not answer right now. Go back to the dashboard and open it again.',
  503: 'Access cannot be checked right now. Try again in a moment.',
} as const
export type RefusalStatus = keyof typeof REFUSALS

const STATUS_TEXT: Record<RefusalStatus, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

function headersOf(body: string): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  }
}

/** Answers with a small plain page; once an answer has begun, it can only be cut. */
export function refuse(response: ServerResponse, status: RefusalStatus): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const body = `${REFUSALS[status]}\n`
  response.writeHead(status, headersOf(body)).end(body)
}

/** The same on a socket that asked for an upgrade. */
export function refuseUpgrade(socket: Duplex, status: RefusalStatus): void {
  const body = `${REFUSALS[status]}\n`
  const head = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}`)
  endSocket(socket, [`HTTP/1.1 ${status} ${STATUS_TEXT[status]}`, ...head, '', body].join('\r\n'))
}

/** Writes the last words and hangs up, however the other side behaves. */
export function endSocket(socket: Duplex, lastWords: string | Buffer): void {
  if (socket.destroyed) return
  socket.end(lastWords, () => socket.destroy())
}
