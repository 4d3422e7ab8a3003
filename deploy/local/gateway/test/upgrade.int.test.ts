import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { WebSocket, WebSocketServer } from 'ws'
import {
  Cleanup,
  HOST,
  listen,
  routesOf,
  startGateway,
  startServer,
  type TestGateway,
} from './harness.ts'

const cleanup = new Cleanup()
let gateway: TestGateway
let authStatus: number

beforeEach(async () => {
  authStatus = 200
  gateway = await startGateway(cleanup)
})
afterEach(() => cleanup.run())

async function startAuth(): Promise<string> {
  const { url } = await startServer(cleanup, (request, response) => {
    const hasTicket = request.headers.cookie === 'ticket=1'
    const status = hasTicket ? authStatus : 401
    response.writeHead(status, { 'x-vessel-guest-token': 'real', 'set-cookie': 'gone=1' })
    response.end(status === 200 ? '' : 'no ticket')
  })
  return url
}

/** An echo server behind forwardAuth; resolves with each handshake it saw. */
async function startEcho(): Promise<IncomingMessage[]> {
  const seen: IncomingMessage[] = []
  const server = createServer((_request, response) => response.writeHead(426).end('upgrade'))
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'vscode' })
  sockets.on('connection', (socket, request) => {
    seen.push(request)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  const port = await listen(server)
  cleanup.add(() => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
    server.closeAllConnections()
    server.close()
  })
  await gateway.write('a.yml', routesOf('a', HOST, `http://127.0.0.1:${port}`, await startAuth()))
  return seen
}

function dial(headers: Record<string, string>): WebSocket {
  const url = `ws://127.0.0.1:${gateway.port}/socket?x=1`
  const socket = new WebSocket(url, ['vscode'], { headers: { host: HOST, ...headers } })
  cleanup.add(() => socket.terminate())
  return socket
}

function statusOfRefusal(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('open', () => reject(new Error('it opened')))
    socket.on('error', () => undefined)
  })
}

describe('a WebSocket', () => {
  it('passes the access check and echoes text and large binaries', async () => {
    const seen = await startEcho()
    const socket = dial({ cookie: 'ticket=1', 'x-forwarded-host': 'evil' })
    await once(socket, 'open')
    expect(socket.protocol).toBe('vscode')

    socket.send('hello')
    expect(String((await once(socket, 'message'))[0])).toBe('hello')
    const large = Buffer.alloc(4 * 1024 * 1024, 7)
    socket.send(large)
    const [echoed] = (await once(socket, 'message')) as [Buffer]
    expect(echoed.equals(large)).toBe(true)

    expect(seen[0]?.headers).toMatchObject({
      host: HOST,
      'x-forwarded-host': HOST,
      'x-vessel-guest-token': 'real',
    })
    expect(seen[0]?.headers.cookie).toBeUndefined()
    socket.close(1000)
    expect((await once(socket, 'close'))[0]).toBe(1000)
  })

  it('without a ticket is refused with the answer of the check', async () => {
    const seen = await startEcho()
    expect(await statusOfRefusal(dial({}))).toBe(401)
    expect(seen).toHaveLength(0)
  })

  it('to an unknown host is refused', async () => {
    expect(await statusOfRefusal(dial({ host: 'nobody.localhost' }))).toBe(404)
  })

  it('that the service refuses gets the words of the service', async () => {
    const { url } = await startServer(cleanup, (_request, response) =>
      response.writeHead(418, { 'x-why': 'teapot' }).end('no'),
    )
    await gateway.write('a.yml', routesOf('a', HOST, url))
    expect(await statusOfRefusal(dial({}))).toBe(418)
  })

  it('is cut at the client when the service dies', async () => {
    await startEcho()
    const socket = dial({ cookie: 'ticket=1' })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await cleanup.run()
    expect((await closed)[0]).toBe(1006)
  })
})

describe('a raw upgrade', () => {
  async function startRaw(onSocket: (socket: Socket) => void): Promise<Socket> {
    const server = createServer()
    server.on('upgrade', (_request, socket: Socket) => {
      socket.on('error', () => undefined)
      cleanup.add(() => socket.destroy())
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n',
      )
      onSocket(socket)
    })
    const port = await listen(server)
    cleanup.add(() => server.close())
    await gateway.write('a.yml', routesOf('a', HOST, `http://127.0.0.1:${port}`))

    const client = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
    client.on('error', () => undefined)
    cleanup.add(() => client.destroy())
    const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\n`
    client.write(`${head}early`)
    return client
  }

  async function readAll(socket: Socket): Promise<string> {
    let text = ''
    for await (const part of socket as AsyncIterable<Buffer>) text += part.toString('latin1')
    return text
  }

  it('keeps the bytes that came with the handshake and lets one side end first', async () => {
    const client = await startRaw((socket) => {
      let heard = ''
      socket.on('data', (part) => {
        heard += part.toString('latin1')
      })
      // The last word is said only after the client has ended: a half-closed connection.
      socket.on('end', () => socket.end(`heard ${heard}`))
    })
    client.end(' and late')
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 101 [\s\S]*heard early and late$/)
  })

  it('slows a service that talks faster than the client reads', async () => {
    const chunk = Buffer.alloc(64 * 1024)
    let bytesTaken = 0
    let isDrained = true
    const client = await startRaw((socket) => {
      const pump = () => {
        // 256 MiB would be far more than every buffer on the way together.
        while (bytesTaken < 256 * 1024 * 1024) {
          bytesTaken += chunk.length
          isDrained = socket.write(chunk)
          if (!isDrained) return
        }
      }
      socket.on('drain', pump)
      pump()
    })
    await once(client, 'readable')
    let before = -1
    // Taken bytes stop rising once all buffers are full, although the client reads nothing.
    for (let quiet = 0; quiet < 10; quiet = bytesTaken === before ? quiet + 1 : 0) {
      before = bytesTaken
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(isDrained).toBe(false)
    expect(bytesTaken).toBeLessThan(64 * 1024 * 1024)
  })
})
