import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { type Answer, goTrue, revoked, userOfToken } from './go-true.ts'
import { attachHub } from './hub.ts'
import { problemAnswer, rest } from './rest.ts'
import { seed } from './seed.ts'
import { WORKSPACE_PAGE } from './workspace-page.ts'
import { createWorld } from './world.ts'

/** For developing the dashboard alone: REST, WebSocket and login by `proto`, all from memory. */
const API_PORT = Number(process.env.MOCK_API_PORT ?? 4100)
const WORKSPACE_PORT = Number(process.env.MOCK_WORKSPACE_PORT ?? 4180)
const BODY_BYTES_MAX = 50 * 1024 * 1024

const world = createWorld()
seed(world)
let isDown = false

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

/** Levers for looking at rare states: /mock/down, /mock/up, /mock/cut, /mock/expire?email=… */
function lever(url: URL): Answer {
  const name = url.pathname.replace('/mock/', '')
  if (name === 'down') isDown = true
  if (name === 'up') isDown = false
  if (name === 'down' || name === 'cut') hub.cut()
  const user = world.users.get(url.searchParams.get('email') ?? '')
  if (name === 'expire' && user) revoked.add(user.id)
  return { status: 200, body: { done: name } }
}

async function answer(request: IncomingMessage, url: URL): Promise<Answer> {
  if (url.pathname.startsWith('/mock/')) return lever(url)
  const body = await readBody(request)
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
      'authorization,content-type,apikey,x-client-info,x-supabase-api-version',
    'access-control-allow-methods': 'GET,POST,PATCH,DELETE,PUT',
    'content-type': 'application/json',
  })
  response.end(JSON.stringify(body))
}

const server = createServer((request, response) => {
  const origin = request.headers.origin ?? '*'
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (isDown && !url.pathname.startsWith('/mock/')) return request.socket.destroy()
  if (request.method === 'OPTIONS') return send(response, origin, { status: 200, body: {} })
  answer(request, url)
    .catch(problemAnswer)
    .then((made) => send(response, origin, made))
})
const hub = attachHub(server, world, { isDown: () => isDown })
server.listen(API_PORT)
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(WORKSPACE_PAGE)
}).listen(WORKSPACE_PORT)
