import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'

const REQUEST_TIMEOUT_MS = 10_000
/** A few that measure; a stranger who finds the port cannot fill the process with sockets. */
const CONNECTIONS_MAX = 64

export interface MetricsServer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Figures for operators on a listener of their own: what is reached from outside does not tell who
 * runs here how much.
 */
export async function serveMetrics(
  registry: Registry,
  address: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    request.resume()
    const [path] = (request.url ?? '').split('?', 1)
    const isKnown = request.method === 'GET' && path === '/metrics'
    if (isKnown) void sendMetrics(registry, response)
    else response.writeHead(404).end()
  })
  server.maxConnections = CONNECTIONS_MAX
  server.listen(address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function sendMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  try {
    const text = await registry.metrics()
    response.writeHead(200, { 'content-type': registry.contentType }).end(text)
  } catch {
    // A gauge that cannot be read must not take the process with it; Prometheus shows the failure.
    response.writeHead(500).end()
  }
}
