import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

const PROBE_EVERY_MS = 250
const PROBE_TIMEOUT_MS = 1_000

export interface Balancer {
  readonly url: string
  readyCount(): number
  close(): Promise<void>
}

interface Backend {
  readonly url: URL
  isReady: boolean
}

/** Sends a browser's connection on as it is. */
function tunnel(incoming: IncomingMessage, backend: Backend): void {
  const { socket } = incoming
  const upstream = connect(Number(backend.url.port), backend.url.hostname, () => {
    const headers = incoming.rawHeaders.flatMap((text, at) =>
      at % 2 === 0 ? [`${text}: ${incoming.rawHeaders[at + 1]}`] : [],
    )
    upstream.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
    upstream.pipe(socket).pipe(upstream)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('error', () => upstream.destroy())
}

/**
 * What any load balancer is: round robin over the copies whose `/readyz` says yes, no session sticks
 * anywhere, and a request that failed is not sent again.
 */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const backends: Backend[] = urls.map((url) => ({ url: new URL(url), isReady: false }))
  const agent = new Agent({ keepAlive: true })
  let turn = 0

  const next = (): Backend | undefined => {
    const ready = backends.filter(({ isReady }) => isReady)
    turn += 1
    return ready[turn % ready.length]
  }
  const probe = async (backend: Backend) => {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
    backend.isReady = await fetch(new URL('/readyz', backend.url), { signal }).then(
      ({ ok }) => ok,
      () => false,
    )
  }
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const backend = next()
    if (!backend) return void response.writeHead(502).end('no copy is ready')
    const { method, headers, url: path } = incoming
    const { hostname, port } = backend.url
    const outgoing = request({ hostname, port, path, method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end(error.message)
    })
    incoming.pipe(outgoing)
  }

  await Promise.all(backends.map(probe))
  const timer = setInterval(() => void Promise.all(backends.map(probe)), PROBE_EVERY_MS)
  const server = createServer(forward)
  server.on('upgrade', (incoming) => {
    const backend = next()
    if (backend) tunnel(incoming, backend)
    else incoming.socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    readyCount: () => backends.filter(({ isReady }) => isReady).length,
    async close() {
      clearInterval(timer)
      agent.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
