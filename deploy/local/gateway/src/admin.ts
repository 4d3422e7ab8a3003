import { createServer, type Server } from 'node:http'
import type { RouteFolder } from './routes/route-folder.ts'

/** Health of the gateway, on a port that users do not reach. */
export function createAdmin(routes: RouteFolder): Server {
  return createServer((request, response) => {
    const isKnown = request.url === '/healthz' || request.url === '/readyz'
    const body = isKnown
      ? { status: 'ok', routers: routes.table.routerCount, faultyFiles: routes.faultCount }
      : { status: 'not found' }
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(body)}\n`)
  })
}
