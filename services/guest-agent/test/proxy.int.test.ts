import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { HEADERS, TICKET_COOKIE } from '@vessel/proto/headers'
import { WebSocket, WebSocketServer } from 'ws'
import { startGuest, type TestGuest } from './helpers/guest.ts'
import { openStream } from './helpers/stream.ts'
import { until } from './helpers/until.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const listening = (server: Server, host = '127.0.0.1') =>
  new Promise<number>((resolve) => {
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port))
  })
const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

describe('the way to a port of the user', () => {
  let guest: TestGuest
  let program: Server
  let port: number
  beforeEach(async () => {
    guest = await startGuest()
    program = createServer(async (request, response) => {
      const body = await bodyOf(request)
      response.setHeader('set-cookie', ['own=1', `${TICKET_COOKIE}=stolen`])
      const { method, url, rawHeaders } = request
      response.end(JSON.stringify({ method, url, rawHeaders, bytes: body.length }))
    })
    port = await listening(program)
  })
  afterEach(async () => {
    program.closeAllConnections()
    program.close()
    await guest.stop()
  })
  const get = (headers: Record<string, string>, path = '/') =>
    guest.call({ path, headers: { [HEADERS.target]: `port:${port}`, ...headers } })

  it('shows nothing of Vessel to the program, and all that is the user’s', async () => {
    const answer = await get(
      {
        Cookie: `a=1; ${TICKET_COOKIE}=secret; b=2`,
        Authorization: 'Bearer own',
        'X-Vessel-Anything': 'secret',
        x_vessel_guest_token: 'secret',
        'X-Forwarded-For': '1.2.3.4',
        Connection: 'close, X-Hop',
        'X-Hop': 'secret',
        Host: 'my-project.localhost:8080',
        'X-Own': 'kept',
      },
      '/path?q=1',
    )
    const seen = JSON.parse(answer.text) as { url: string; rawHeaders: string[] }
    const text = JSON.stringify(seen)
    expect(text).not.toMatch(/vessel|secret/i)
    expect(text).not.toContain(guest.config.token)
    expect(seen.url).toBe('/path?q=1')
    const pairs = seen.rawHeaders.map((each, at) => `${each}: ${seen.rawHeaders[at + 1]}`)
    expect(pairs).toEqual(
      expect.arrayContaining([
        'Cookie: a=1;  b=2'.replace('  ', ' '),
        'Authorization: Bearer own',
        'Host: my-project.localhost:8080',
        'X-Own: kept',
        'X-Forwarded-For: 1.2.3.4',
      ]),
    )
    expect(answer.headers['set-cookie']).toEqual(['own=1'])
  })

  it('carries bodies of known and of unknown length', async () => {
    const headers = { [HEADERS.target]: `port:${port}` }
    const body = Buffer.alloc(3_000_000, 'x')
    const known = await guest.call({ method: 'POST', headers, body })
    expect(JSON.parse(known.text).bytes).toBe(3_000_000)
    const chunked = await guest.call({
      method: 'PUT',
      headers: { ...headers, 'transfer-encoding': 'chunked' },
      body,
    })
    expect(JSON.parse(chunked.text)).toMatchObject({ method: 'PUT', bytes: 3_000_000 })
  })

  it('finds a program that listens on the other loopback only', async () => {
    const six = createServer((_, response) => void response.end('six'))
    const sixPort = await listening(six, '::1')
    const answer = await guest.call({ headers: { [HEADERS.target]: `port:${sixPort}` } })
    expect(answer.text).toBe('six')
    six.close()
  })

  it('passes server-sent events on as they come', async () => {
    const events = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    })
    const eventsPort = await listening(events)
    const socket = connect(guest.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.write(requestText({ [HEADERS.target]: `port:${eventsPort}` }, guest))
    await until('the first event is here', () => text.includes('data: 1'))
    socket.destroy()
    await until('the program sees that the reader left', async () => {
      return (await connectionsOf(events)) === 0
    })
    events.close()
  })

  it('answers a readable page when nothing listens there', async () => {
    const silent = createServer()
    const silentPort = await listening(silent)
    await new Promise((resolve) => silent.close(resolve))
    const answer = await guest.call({ headers: { [HEADERS.target]: `port:${silentPort}` } })
    expect(answer.status).toBe(502)
    expect(answer.headers['content-type']).toContain('text/html')
    expect(answer.text).toContain(`port ${silentPort}`)
  })

  it.each(['port:0', 'port:65536', 'port:080', 'port:80.0', 'port:1e3', 'port:', 'x', 'PORT:80'])(
    'refuses the target %s',
    async (target) => {
      const answer = await guest.call({ headers: { [HEADERS.target]: target } })
      expect(answer.status).toBe(400)
    },
  )

  it('does not lead back to the guest agent', async () => {
    const answer = await guest.call({ headers: { [HEADERS.target]: `port:${guest.port}` } })
    expect(answer.status).toBe(403)
  })

  it('follows no redirect', async () => {
    const away = createServer((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' })
      response.end()
    })
    const awayPort = await listening(away)
    const answer = await guest.call({ headers: { [HEADERS.target]: `port:${awayPort}` } })
    expect([answer.status, answer.headers.location]).toEqual([302, 'http://169.254.169.254/'])
    away.close()
  })

  it('counts as the user being there, at most once in a while', async () => {
    const stream = openStream(guest)
    for (let n = 0; n < 5; n += 1) await get({})
    await until('activity is told', () => stream.ofType('activity').length > 0)
    expect(stream.ofType('activity').map(({ source }) => source)).toEqual(['preview'])
    stream.close()
  })
})

describe('a WebSocket to a port of the user', () => {
  let guest: TestGuest
  let program: Server
  let sockets: WebSocketServer
  let port: number
  let seen: IncomingMessage['headers'] = {}
  beforeEach(async () => {
    guest = await startGuest()
    program = createServer((_, response) => void response.end('plain'))
    sockets = new WebSocketServer({ server: program, maxPayload: 64 * 1024 ** 2 })
    sockets.on('connection', (socket, request) => {
      seen = request.headers
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    })
    port = await listening(program)
  })
  afterEach(async () => {
    for (const socket of sockets.clients) socket.terminate()
    program.closeAllConnections()
    program.close()
    await guest.stop()
  })
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${guest.port}/hmr`, ['vite-hmr'], {
      headers: {
        [HEADERS.guestToken]: guest.config.token,
        [HEADERS.target]: `port:${port}`,
        cookie: `${TICKET_COOKIE}=secret`,
        authorization: 'Basic own',
      },
    })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return socket
  }
  const echo = (socket: WebSocket, data: string | Buffer) =>
    new Promise<Buffer>((resolve) => {
      socket.once('message', (back) => resolve(back as Buffer))
      socket.send(data)
    })

  it('echoes text and megabytes, and the program sees nothing of Vessel', async () => {
    const socket = await open()
    expect((await echo(socket, 'hello')).toString()).toBe('hello')
    const large = Buffer.alloc(20 * 1024 ** 2, 'ab')
    expect((await echo(socket, large)).equals(large)).toBe(true)
    expect(JSON.stringify(seen)).not.toMatch(/vessel|secret/i)
    expect(seen.authorization).toBe('Basic own')
    socket.close()
    await until('the program saw the end', () => sockets.clients.size === 0)
  })

  it('ends with the guest agent', async () => {
    const socket = await open()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await guest.restart()
    await closed
  })

  it('never joins the connection to a program that refuses the upgrade', async () => {
    const heard: string[] = []
    const plain = createTcpServer((socket) => {
      socket.on('data', (chunk) => {
        heard.push(chunk.toString())
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno')
      })
      socket.on('error', () => socket.destroy())
    })
    const plainPort = await new Promise<number>((resolve) => {
      plain.listen(0, '127.0.0.1', () => resolve((plain.address() as AddressInfo).port))
    })
    const target = { [HEADERS.target]: `port:${plainPort}` }
    const upgrade = { ...target, Connection: 'Upgrade', Upgrade: 'websocket' }
    const socket: Socket = connect(guest.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    // A gateway that reuses the connection sends the next request with the token right behind.
    socket.write(requestText(upgrade, guest) + requestText(target, guest))
    await closed
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n\r\nno$/i)
    expect(heard.join('')).not.toContain(guest.config.token)
    plain.close()
  })

  it('is refused without the token', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${guest.port}/`, {
      headers: { [HEADERS.target]: `port:${port}` },
    })
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toContain('401')
  })
})

function requestText(headers: Record<string, string>, guest: TestGuest): string {
  const all = { Host: 'p.localhost', [HEADERS.guestToken]: guest.config.token, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET / HTTP/1.1\r\n${lines.join('')}\r\n`
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}
