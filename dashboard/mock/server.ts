import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { VesselError } from '@vessel/proto/errors'
import { type Answer, goTrue, revoked, userOfToken } from './go-true.ts'
import { attachHub } from './hub.ts'
import { type Levers, pullLever } from './levers.ts'
import { problemAnswer, rest } from './rest.ts'
import { seed } from './seed.ts'
import { WORKSPACE_PAGE } from './workspace-page.ts'
import { createWorld, type World } from './world.ts'

const BODY_BYTES_MAX = 50 * 1024 * 1024

/** Ports of 0 are chosen by the system. */
export interface MockPorts {
  readonly apiPort: number
  readonly workspacePort: number
}

async function readBody(request: IncomingMessage): Promise<Record<string, never>> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.length
    if (bytes > BODY_BYTES_MAX) throw new VesselError('BODY_TOO_LARGE')
    parts.push(part)
  }
  const isJson = request.headers['content-type']?.includes('json')
  return isJson ? JSON.parse(Buffer.concat(parts).toString() || '{}') : {}
}

async function answer(levers: Levers, request: IncomingMessage, url: URL): Promise<Answer> {
  const { world } = levers
  const body = await readBody(request)
  if (url.pathname.startsWith('/mock/')) return pullLever(levers, url, body)
  const token = request.headers.authorization?.replace('Bearer ', '')
  if (url.pathname.startsWith('/auth/v1/')) {
    const grant = url.searchParams.get('grant_type')
    const route = url.pathname.slice('/auth/v1/'.length) + (grant ? `?grant_type=${grant}` : '')
    if (route === 'token?grant_type=password') {
      revoked.delete(world.users.get(String(body.email))?.id ?? '')
    }
    return goTrue(world, route, { body, token })
  }
  const user = userOfToken(world, token)
  if (!user) return problemAnswer(new VesselError('UNAUTHENTICATED'))
  if (revoked.has(user.id)) return problemAnswer(new VesselError('TOKEN_EXPIRED'))
  return rest(world, { method: request.method ?? 'GET', url, body, user })
}

function send(response: ServerResponse, origin: string, { status, body }: Answer): void {
  response.writeHead(status, {
    'access-control-allow-origin': origin,
    'access-control-allow-headers':
      'authorization,content-type,idempotency-key,apikey,x-client-info,x-supabase-api-version',
    'access-control-allow-methods': 'GET,POST,PATCH,DELETE,PUT',
    'content-type': 'application/json',
  })
  response.end(JSON.stringify(body))
}

async function listen(server: Server, port: number): Promise<number> {
  await once(server.listen(port), 'listening')
  return (server.address() as AddressInfo).port
}

function serveApi(world: World): Server {
  const server = createServer((request, response) => {
    const origin = request.headers.origin ?? '*'
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (levers.isDown && !url.pathname.startsWith('/mock/')) return request.socket.destroy()
    if (request.method === 'OPTIONS') return send(response, origin, { status: 200, body: {} })
    answer(levers, request, url)
      .catch(problemAnswer)
      .then((made) => send(response, origin, made))
  })
  const hub = attachHub(server, world, { isDown: () => levers.isDown || levers.isDeaf })
  const levers: Levers = { world, ...hub, isDown: false, isDeaf: false }
  return server
}

/** Everything the dashboard talks to, from memory; says where it listens. */
export async function startMock(ports: MockPorts): Promise<MockPorts> {
  const workspace = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(WORKSPACE_PAGE)
  })
  const workspacePort = await listen(workspace, ports.workspacePort)
  const world = createWorld(workspacePort)
  seed(world)
  return { apiPort: await listen(serveApi(world), ports.apiPort), workspacePort }
}
