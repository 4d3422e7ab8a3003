import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { StartCommand, TicketKey } from '@vessel/proto/commands/start'
import { routeFile } from '@vessel/proto/gateway/route-file'
import { HEADERS, TICKET_COOKIE } from '@vessel/proto/headers'
import { projectSlug, visitorId } from '@vessel/proto/ids'
import { TICKET_AUDIENCE, TICKET_ISSUER } from '@vessel/proto/ticket'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { load } from 'js-yaml'
import { startCommand } from './support/agent.ts'
import { until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
const ORIGIN = 'http://demo.localhost:8080'
const HOST = 'demo.localhost:8080'

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

describe('the way into a workspace', () => {
  let world: World
  let command: StartCommand
  let sign: (claims?: Record<string, unknown>) => Promise<string>

  beforeAll(async () => {
    const ide = join(import.meta.dirname, 'support/fake-ide.mjs')
    world = await createWorld({
      IDE_COMMAND: JSON.stringify([process.execPath, ide, '{socket}', '--listen']),
    })
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const { x = '' } = await exportJWK(publicKey)
    const key: TicketKey = { kid: 'k1', kty: 'OKP', crv: 'Ed25519', x }
    command = startCommand({ ticketKeys: [key], slug: projectSlug.parse('demo') })
    sign = (claims = {}) =>
      new SignJWT({ sid: command.session, epoch: command.epoch, slug: command.slug, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
        .setIssuer(TICKET_ISSUER)
        .setAudience(TICKET_AUDIENCE)
        .setSubject(randomUUID())
        .setJti(typeof claims.jti === 'string' ? claims.jti : randomUUID())
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey)
    await world.boot(command)
  }, TEST_MS)
  afterAll(() => world.cleanup.run(), TEST_MS)

  /** As the gateway asks; `fetch` would not let us name the host. */
  async function get(path: string, headers: Record<string, string>, method = 'GET') {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const host = headers.host ?? `127.0.0.1:${world.agent.port}`
    request({ port: world.agent.port, path, method, headers: { ...headers, host } }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
      .once('error', reject)
      .end()
    return promise
  }
  const ask = (headers: Record<string, string>) =>
    get('/gateway/auth', {
      'x-forwarded-host': HOST,
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': '/',
      ...headers,
    })
  const withTicket = async (claims?: Record<string, unknown>) => ({
    cookie: `a=1; ${TICKET_COOKIE}=${await sign(claims)}; b=2`,
  })

  const withVisitor = () => withTicket({ visitor: randomUUID() })

  it('opens with a ticket of exactly this run, and keeps it from the machine', async () => {
    const answer = await ask(await withTicket())
    expect(answer.status).toBe(200)
    expect(answer.headers[HEADERS.target]).toBe('ide')
    expect(String(answer.headers[HEADERS.guestToken]).length).toBeGreaterThan(31)
    expect(answer.headers.cookie).toBe('a=1; b=2')
    expect(answer.headers[HEADERS.visitor]).toBe('')
  })

  it('answers with an empty cookie when only the ticket was there, so that it is removed', async () => {
    const answer = await ask({ cookie: `${TICKET_COOKIE}=${await sign()}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.cookie).toBe('')
  })

  it('tells a visitor without a ticket where to get one', async () => {
    const answer = await ask({})
    expect(answer.status).toBe(401)
    expect(answer.body).toContain('http://localhost:3000')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it.each([
    ['another session', { sid: randomUUID() }, 403],
    ['an older epoch', { epoch: 99 }, 403],
    ['another project', { slug: 'other' }, 403],
  ])('refuses a ticket of %s', async (_name, claims, status) => {
    expect((await ask(await withTicket(claims))).status).toBe(status)
  })

  it('refuses a forged ticket and two tickets at once', async () => {
    expect((await ask({ cookie: `${TICKET_COOKIE}=e30.e30.e30` })).status).toBe(401)
    const twice = `${TICKET_COOKIE}=${await sign()}; ${TICKET_COOKIE}=${await sign()}`
    expect((await ask({ cookie: twice })).status).toBe(401)
  })

  it('closes within seconds to whose login ended, and stays open to others', async () => {
    const visitor = visitorId.parse(randomUUID())
    const [theirs, others] = [await withTicket({ visitor }), await withVisitor()]
    expect((await ask(theirs)).status).toBe(200)
    world.orchestrator.ended.add(visitor)
    const isOut = async () => (await ask(theirs)).status === 403
    await until('they are refused', isOut)
    expect((await ask(others)).status).toBe(200)
    expect((await ask(await withTicket())).status).toBe(200)
    // A script whose owner may log in again.
    world.orchestrator.ended.delete(visitor)
    await until('they are let in again', async () => (await ask(theirs)).status === 200)
  })

  /** A WebSocket as the gateway joins it once the check has let it pass. */
  async function joinAs(visitor: string) {
    const { headers } = await ask(await withTicket({ visitor }))
    const record = JSON.parse(await readFile(world.agent.paths.record(command.session), 'utf8'))
    const names = [HEADERS.guestToken, HEADERS.target, HEADERS.visitor]
    const granted = Object.fromEntries(names.map((name) => [name, String(headers[name])]))
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
    request({ port: record.endpoint.port, headers: { ...granted, ...upgrade } })
      .once('upgrade', (_answer, socket) => resolve(socket))
      .once('error', reject)
      .end()
    const socket = await promise
    socket.on('error', () => socket.destroy())
    socket.resume()
    return socket
  }
  async function expectEcho(socket: Duplex) {
    const back = once(socket, 'data')
    socket.write('still here')
    expect(String((await back)[0])).toBe('still here')
  }

  it('ends what whose login ended has open, and nothing of others', async () => {
    const [gone, here] = [visitorId.parse(randomUUID()), visitorId.parse(randomUUID())]
    const [theirs, others] = [await joinAs(gone), await joinAs(here)]
    await expectEcho(theirs)
    world.orchestrator.ended.add(gone)
    await until('it is closed', () => theirs.destroyed)
    await expectEcho(others)
    others.destroy()
  })

  it('asks before it lets a login in that it does not know', async () => {
    const visitor = visitorId.parse(randomUUID())
    world.orchestrator.ended.add(visitor)
    const answer = await ask(await withTicket({ visitor }))
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('You were logged out here')
  })

  it('lets nobody in while nobody can say whether they may come in', async () => {
    const theirs = await withVisitor()
    world.orchestrator.refusals.set('ended-visitors', { code: 'STORE_DOWN', times: 1_000 })
    expect((await ask(theirs)).status).toBe(503)
    world.orchestrator.refusals.delete('ended-visitors')
    expect((await ask(theirs)).status).toBe(200)
  })

  it(
    'knows after a restart of the agent whom it let in, and whom it did not',
    async () => {
      const [gone, here] = [visitorId.parse(randomUUID()), visitorId.parse(randomUUID())]
      const [theirs, others] = [
        await withTicket({ visitor: gone }),
        await withTicket({ visitor: here }),
      ]
      expect((await ask(theirs)).status).toBe(200)
      expect((await ask(others)).status).toBe(200)
      const [open, kept] = [await joinAs(gone), await joinAs(here)]
      await world.agent.crash()
      world.orchestrator.ended.add(gone)
      await world.agent.start()
      expect((await ask(theirs)).status).toBe(403)
      expect((await ask(others)).status).toBe(200)
      const record = JSON.parse(await readFile(world.agent.paths.record(command.session), 'utf8'))
      expect(record.visitors).toEqual(expect.arrayContaining([gone, here]))
      await until('what was open before is closed', () => open.destroyed)
      await expectEcho(kept)
      kept.destroy()
    },
    TEST_MS,
  )

  it.each([
    'DEMO.localhost:8080',
    'demo.localhost.:8080',
    'demo.localhost:9999',
    'demo.localhost:8080, evil',
    'evil.example',
    'localhost:8080',
    '0080--demo.localhost:8080',
  ])('knows only one spelling of a name: not %s', async (host) => {
    const answer = await ask({ ...(await withTicket()), 'x-forwarded-host': host })
    expect(answer.status).toBe(404)
  })

  it.each([
    ['a POST of another page', { 'x-forwarded-method': 'POST', origin: 'http://evil.test' }, 403],
    ['a POST of its own page', { 'x-forwarded-method': 'POST', origin: ORIGIN }, 200],
    [
      'a socket of another page',
      { 'sec-websocket-key': 'x', origin: 'http://localhost:3000' },
      403,
    ],
    ['a socket of a page without an origin', { 'sec-websocket-key': 'x', origin: 'null' }, 403],
    ['a socket of its own page', { 'sec-websocket-key': 'x', origin: ORIGIN }, 200],
  ])('checks the origin: %s', async (_name, headers, status) => {
    expect((await ask({ ...(await withTicket()), ...headers })).status).toBe(status)
  })

  it(
    'opens a port once the machine says that something listens there',
    async () => {
      const { orchestrator, agent } = world
      const { session } = command
      const ports = await orchestrator.event(session, 'ports')
      const port = ports.ports[0]?.port
      const host = `${port}--demo.localhost:8080`
      const answer = await ask({ ...(await withTicket()), 'x-forwarded-host': host })
      expect(answer.headers[HEADERS.target]).toBe(`port:${port}`)
      const closed = await ask({
        ...(await withTicket()),
        'x-forwarded-host': '9--demo.localhost:8080',
      })
      expect(closed.status).toBe(404)

      const file = await until('the port has a route', async () => {
        const text = await readFile(join(agent.routesDir, `${session}.yml`), 'utf8')
        return text.includes(`${port}--demo`) ? text : null
      })
      const parsed = routeFile.parse(load(file))
      expect(Object.keys(parsed.http.routers)).toHaveLength(4)
      const record = JSON.parse(await readFile(agent.paths.record(session), 'utf8'))
      expect(file).not.toContain(record.token)
    },
    TEST_MS,
  )

  it('trades a code for a cookie once, and never by accident', async () => {
    const ticket = await sign()
    const code = 'c'.repeat(40)
    world.orchestrator.codes.set(code, ticket)
    const enter = (path: string, headers = {}, method = 'GET') =>
      get(`/_vessel/enter?code=${code}${path}`, { host: HOST, ...headers }, method)
    expect((await enter('', {}, 'HEAD')).status).toBe(405)
    expect((await enter('', { 'sec-purpose': 'prefetch' })).status).toBe(403)
    expect((await enter('', { 'sec-fetch-dest': 'image' })).status).toBe(403)

    const answer = await enter('&path=%2Ffolder%3Fa%3D1')
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/folder?a=1')
    expect(answer.headers['set-cookie']).toEqual([
      `${TICKET_COOKIE}=${ticket}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=3600`,
    ])
    expect((await enter('')).status).toBe(403)
    expect((await get('/_vessel/entered', { host: HOST })).status).toBe(200)
    expect((await get('/_vessel/other', { host: HOST })).status).toBe(404)
  })

  it('has a page for names that nothing runs under, which leads back', async () => {
    const { status, body } = await get('/_vessel/asleep', { host: 'gone.localhost:8080' })
    expect([status, body]).toEqual([404, expect.stringContaining('Nothing is running')])
    expect(body).toContain('Go to your projects')
  })

  it('answers its own routes only under its own name', async () => {
    expect((await get('/healthz', {})).status).toBe(200)
    expect((await get('/readyz', {})).status).toBe(200)
    expect((await get('/metrics', {})).body).toContain('vessel_agent_sessions')
    expect((await get('/metrics', { host: 'evil.example' })).status).toBe(404)
    expect((await get('/gateway/auth', { host: 'demo.localhost:8080' })).status).toBe(404)
  })
})
