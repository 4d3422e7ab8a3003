import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { errorPage } from './error-page.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import { whyNotThere } from './proxy-request.ts'
import type { Target } from './target.ts'
import type { Upstreams } from './upstream.ts'

/** Without a byte either way for this long the other end is gone; VS Code pings every 5 s. */
const IDLE_MS = 2 * 60 * 60_000
/** To the answer of the handshake; an IDE that is starting up may take its time. */
const HANDSHAKE_MS = 60_000

const LAST = ['Connection', 'close'] as const

export interface ProxyUpgradeInput {
  readonly incoming: IncomingMessage
  readonly socket: Duplex
  /** What the client sent right behind its handshake. */
  readonly head: Buffer
  readonly target: Target
  readonly upstreams: Upstreams
  readonly onBytes: (bytes: number) => void
  /** Both sockets of a splice, so that they end with the session. */
  readonly onSpliced: (sockets: readonly Duplex[]) => void
}

/**
 * Passes a WebSocket (or other) upgrade on.
 *
 * The two sockets are joined only after a 101. Before that the answer is plain HTTP, and the
 * gateway may send its next request, token included, on the same connection: joined, it would go
 * straight to the user's program. So any other answer ends the connection.
 */
export async function proxyUpgrade(input: ProxyUpgradeInput): Promise<void> {
  const { incoming, socket, target } = input
  socket.on('error', () => socket.destroy())
  let upstream: Socket
  try {
    upstream = await input.upstreams.connect(target)
  } catch {
    // Not there: said in words, since a browser shows only that its WebSocket failed.
    const page = errorPage(502, whyNotThere(target))
    return void socket.end(head(page.status, 'Bad Gateway', [...page.headers, ...LAST]) + page.body)
  }
  // Nobody is there any more to be joined to.
  if (socket.destroyed) return void upstream.destroy()
  const outgoing = request({
    createConnection: () => upstream,
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: upgradeHeaders(incoming),
    setHost: false,
    timeout: HANDSHAKE_MS,
  })
  const giveUp = () => {
    outgoing.destroy()
    socket.destroy()
  }
  outgoing.on('timeout', giveUp)
  outgoing.on('error', giveUp)
  socket.once('close', () => outgoing.destroy())
  outgoing.on('response', (answer) => refuse(answer, socket))
  outgoing.on('upgrade', (answer, joined, first) => splice(input, answer, { joined, first }))
  outgoing.end()
}

function upgradeHeaders(incoming: IncomingMessage): string[] {
  const protocol = incoming.headers.upgrade ?? 'websocket'
  return [...requestHeaders(incoming.rawHeaders), 'Connection', 'Upgrade', 'Upgrade', protocol]
}

function splice(
  input: ProxyUpgradeInput,
  answer: IncomingMessage,
  { joined, first }: { joined: Duplex; first: Buffer },
): void {
  const { socket, onBytes } = input
  const protocol = answer.headers.upgrade ?? 'websocket'
  const headers = [
    ...responseHeaders(answer.rawHeaders),
    ...['Connection', 'Upgrade', 'Upgrade', protocol],
  ]
  input.onSpliced([socket, joined])
  for (const end of [socket, joined]) {
    const other = end === socket ? joined : socket
    ;(end as Socket).setTimeout(IDLE_MS, () => end.destroy())
    ;(end as Socket).setNoDelay(true)
    end.on('error', () => end.destroy())
    end.once('close', () => other.destroy())
  }
  socket.write(head(101, answer.statusMessage ?? 'Switching Protocols', headers))
  if (first.length > 0) socket.write(first)
  if (input.head.length > 0) {
    onBytes(input.head.length)
    joined.write(input.head)
  }
  socket.on('data', (chunk: Buffer) => onBytes(chunk.length))
  // `pipe` waits for a slow side and passes on an end without closing the way back.
  socket.pipe(joined)
  joined.pipe(socket)
}

function refuse(answer: IncomingMessage, socket: Duplex): void {
  const headers = responseHeaders(answer.rawHeaders)
  const { statusCode = 502, statusMessage = '' } = answer
  // The body is passed as it is and ends with the connection, so no framing header may stand.
  const unframed = headers.filter((_, at) => {
    const name = headers[at - (at % 2)] as string
    return name.toLowerCase() !== 'content-length'
  })
  socket.write(head(statusCode, statusMessage, [...unframed, ...LAST]))
  answer.pipe(socket)
  answer.once('error', () => socket.destroy())
}

/** The start of an answer. One that ends the connection says so itself in its headers. */
function head(status: number, text: string, headers: readonly string[]): string {
  let lines = `HTTP/1.1 ${status} ${text}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2)
    lines += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${lines}\r\n`
}
