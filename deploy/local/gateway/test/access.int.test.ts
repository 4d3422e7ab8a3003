import type { IncomingHttpHeaders } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  Cleanup,
  freePort,
  get,
  HOST,
  routesOf,
  sendRaw,
  startGateway,
  startServer,
  type TestGateway,
} from './harness.ts'

interface Seen {
  headers: IncomingHttpHeaders
  raw: string[]
  method: string
  url: string
}

const cleanup = new Cleanup()
let gateway: TestGateway
/** What the access check and the guest were sent last. */
let atAuth: Seen | null
let atGuest: Seen | null
/** What the access check answers. */
let verdict: { status: number; headers: Record<string, string | string[]>; body: string }

beforeEach(async () => {
  atAuth = null
  atGuest = null
  verdict = { status: 204, headers: {}, body: '' }
  gateway = await startGateway(cleanup)
  const auth = await startServer(cleanup, (request, response) => {
    atAuth = {
      headers: request.headers,
      raw: request.rawHeaders,
      method: request.method ?? '',
      url: request.url ?? '',
    }
    response.writeHead(verdict.status, verdict.headers).end(verdict.body)
  })
  const guest = await startServer(cleanup, (request, response) => {
    atGuest = {
      headers: request.headers,
      raw: request.rawHeaders,
      method: request.method ?? '',
      url: request.url ?? '',
    }
    request.resume().on('end', () => response.end('guest'))
  })
  await gateway.write('a.yml', routesOf('a', HOST, guest.url, `${auth.url}/check`))
})
afterEach(() => cleanup.run())

describe('the access check', () => {
  it('is asked by GET about the request, with the credentials of the client', async () => {
    await sendRaw(gateway.port, [
      'POST /a?b=c HTTP/1.1',
      `Host: ${HOST}:8080`,
      'Cookie: k=v',
      'Authorization: Bearer x',
      'Origin: http://evil.test',
      'Content-Length: 2',
      'Connection: close',
      '',
      'hi',
    ])
    expect(atAuth).toMatchObject({ method: 'GET', url: '/check' })
    expect(atAuth?.headers).toMatchObject({
      'x-forwarded-method': 'POST',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `${HOST}:8080`,
      'x-forwarded-uri': '/a?b=c',
      'x-forwarded-for': '127.0.0.1',
      cookie: 'k=v',
      authorization: 'Bearer x',
      origin: 'http://evil.test',
    })
    expect(atAuth?.headers['content-length']).toBeUndefined()
    expect(atGuest).toMatchObject({ method: 'POST', url: '/a?b=c' })
  })

  it.each([401, 403, 302, 500])('refuses with its own answer (%i)', async (status) => {
    verdict = {
      status,
      headers: { location: '/enter', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/html' },
      body: '<p>get in like this</p>',
    }
    const reply = await get(gateway.port, HOST)
    expect(reply.status).toBe(status)
    for (const part of [/set-cookie: a=1/i, /set-cookie: b=2/i, /location: \/enter/i]) {
      expect(reply.text).toMatch(part)
    }
    expect(reply.text).toContain('<p>get in like this</p>')
    expect(atGuest).toBeNull()
  })

  it('that is down lets nobody in', async () => {
    const authUrl = `http://127.0.0.1:${await freePort()}/check`
    await gateway.write('b.yml', routesOf('b', 'p2.localhost', 'http://127.0.0.1:1', authUrl))
    expect((await get(gateway.port, 'p2.localhost')).status).toBe(503)
  })

  it('that hangs lets nobody in', async () => {
    const hanging = await startServer(cleanup, () => undefined)
    await gateway.write('b.yml', routesOf('b', 'p2.localhost', 'http://127.0.0.1:1', hanging.url))
    expect((await get(gateway.port, 'p2.localhost')).status).toBe(503)
  }, 15_000)

  it('that breaks off within its yes lets nobody in', async () => {
    const broken = await startServer(cleanup, (_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('12', () => response.destroy())
    })
    await gateway.write('b.yml', routesOf('b', 'p2.localhost', 'http://127.0.0.1:1', broken.url))
    expect((await get(gateway.port, 'p2.localhost')).status).toBe(503)
  })
})

describe('headers towards the guest', () => {
  it('carry what the check set and nothing of that name from the client', async () => {
    verdict.headers = {
      'x-vessel-guest-token': 'real',
      cookie: 'own=1',
      'x-other': 'not asked for',
    }
    await get(gateway.port, HOST, [
      'X-Vessel-Guest-Token: forged',
      'X_Vessel_Guest_Token: forged',
      'x.vessel.guest.token: forged',
      'X-Vessel-Target: port:22',
      'Cookie: __Host-vessel_run=secret; own=1',
      'Authorization: Bearer mine',
    ])
    const raw = atGuest?.raw.join('\n') ?? ''
    expect(raw).not.toMatch(/forged|port:22|secret|not asked for/)
    expect(atGuest?.headers).toMatchObject({
      'x-vessel-guest-token': 'real',
      cookie: 'own=1',
      authorization: 'Bearer mine',
    })
  })

  it('lose the cookie when the check leaves none', async () => {
    await get(gateway.port, HOST, ['Cookie: __Host-vessel_run=secret'])
    expect(atGuest?.headers.cookie).toBeUndefined()
  })

  it.each([
    'X-Forwarded-Host: evil',
    'x_forwarded_host: evil',
    'X.Forwarded.Host: evil',
    'X-FORWARDED-Method: evil',
    'X-Forwarded-Prefix: evil',
    'X_Forwarded-Port: evil',
    'X-Forwarded-Tls-Client-Cert: evil',
    'X-Forwarded-Uri: evil',
    'X-Real-IP: evil',
    'X_Real_Ip: evil',
    'Forwarded: for=evil',
    'X-Original-URL: evil',
  ])('and towards the check drop %s', async (header) => {
    await get(gateway.port, HOST, [header])
    expect(atGuest?.raw.join('\n')).not.toContain('evil')
    expect(atAuth?.raw.join('\n')).not.toContain('evil')
    expect(atGuest?.headers['x-forwarded-host']).toBe(HOST)
    expect(atAuth?.headers['x-forwarded-host']).toBe(HOST)
  })

  it('cannot be taken away by naming them in Connection', async () => {
    verdict.headers = { 'x-vessel-guest-token': 'real' }
    await get(gateway.port, HOST, [
      'Connection: X-Forwarded-For, X-Forwarded-Host, X-Vessel-Guest-Token, X-Mine',
      'X-Mine: 1',
    ])
    expect(atGuest?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': HOST,
      'x-vessel-guest-token': 'real',
    })
    expect(atGuest?.headers['x-mine']).toBeUndefined()
  })

  it('keep the host, duplicates and the case of the rest', async () => {
    await get(gateway.port, HOST, ['X-Case: 1', 'X-Case: 2'])
    expect(atGuest?.headers.host).toBe(HOST)
    expect(atGuest?.raw.filter((part) => part === 'X-Case')).toHaveLength(2)
  })

  it('frame a body as the client framed it, whatever the method', async () => {
    const hidden = 'GET /second HTTP/1.1\r\nHost: hidden\r\n\r\n'
    const reply = await sendRaw(gateway.port, [
      'GET /first HTTP/1.1',
      `Host: ${HOST}`,
      'Transfer-Encoding: chunked',
      'Connection: close',
      '',
      hidden.length.toString(16),
      hidden,
      '0',
      '',
      '',
    ])
    expect(reply.status).toBe(200)
    expect(atGuest).toMatchObject({ method: 'GET', url: '/first' })
    expect(atGuest?.headers['transfer-encoding']).toBe('chunked')
  })
})
