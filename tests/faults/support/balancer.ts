import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

const PROBE_EVERY_MS = 250
const PROBE_TIMEOUT_MS = 1_000
/** A copy that says no is out at once; one that says nothing may only be busy. */
const SILENT_PROBES_MAX = 3

export interface Balancer {
  readonly url: string
  readyCount(): number
  close(): Promise<void>
}

interface Backend {
  readonly url: URL
  isReady: boolean
  /** What its last probe brought, for whoever reads of a request that found no copy. */
  lastProbe: string
  silentProbes: number
  isBeingProbed: boolean
}

const backendAt = (url: string): Backend => ({
  url: new URL(url),
  isReady: false,
  lastProbe: 'not probed',
  silentProbes: 0,
  isBeingProbed: false,
})

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

async function probe(backend: Backend): Promise<void> {
  if (backend.isBeingProbed) return
  backend.isBeingProbed = true
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
  const answer = await fetch(new URL('/readyz', backend.url), { signal })
    .then(async (response) => ({ isYes: response.ok, text: await response.text() }))
    // Also of an answer that stopped in the middle: a probe never fails, it says no or nothing.
    .catch((error: Error) => (signal.aborted ? null : { isYes: false, text: error.message }))
  backend.isBeingProbed = false
  backend.silentProbes = answer === null ? backend.silentProbes + 1 : 0
  backend.lastProbe = answer?.text ?? `silent ${backend.silentProbes} times`
  if (answer !== null) backend.isReady = answer.isYes
  else if (backend.silentProbes >= SILENT_PROBES_MAX) backend.isReady = false
}

/**
 * What any load balancer is: round robin over the copies whose `/readyz` says yes, no session sticks
 * anywhere, and a request that failed is not sent again.
 */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const backends: Backend[] = urls.map(backendAt)
  const agent = new Agent({ keepAlive: true })
  let turn = 0

  const next = (): Backend | undefined => {
    const ready = backends.filter(({ isReady }) => isReady)
    turn += 1
    return ready[turn % ready.length]
  }
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const backend = next()
    if (!backend) {
      const probes = backends.map(({ lastProbe }) => lastProbe)
      return void response.writeHead(502).end(JSON.stringify({ noCopyIsReady: probes }))
    }
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
