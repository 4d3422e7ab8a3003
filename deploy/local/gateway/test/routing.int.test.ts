import { unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
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
  until,
} from './harness.ts'

const cleanup = new Cleanup()
let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway(cleanup)
})
afterEach(() => cleanup.run())

async function named(name: string): Promise<string> {
  const { url } = await startServer(cleanup, (request, response) =>
    response.end(`${name} ${request.method} ${request.url}`),
  )
  return url
}

describe('routes', () => {
  it('open as soon as their file is there and close when it is gone', async () => {
    expect((await get(gateway.port, HOST)).status).toBe(404)
    await gateway.write('a.yml', routesOf('a', HOST, await named('guest')))
    // No wait here: a browser that is told "ready" comes at once.
    expect((await get(gateway.port, HOST)).text).toContain('guest GET /')

    await unlink(join(gateway.dir, 'a.yml'))
    await until('route is gone', async () => (await get(gateway.port, HOST)).status === 404)
  })

  it('follow a file that is replaced', async () => {
    await gateway.write('a.yml', routesOf('a', HOST, await named('old')))
    expect((await get(gateway.port, HOST)).text).toContain('old')
    await gateway.write('a.yml', routesOf('a', HOST, await named('new')))
    await until('new target', async () => (await get(gateway.port, HOST)).text.includes('new'))
  })

  it('lead names that have none to one path of the last resort, and no name that has one', async () => {
    const { routers, services } = routesOf('rest', HOST, await named('agent')).http
    const rest = { rule: 'PathPrefix(`/`)', middlewares: ['one-page'], priority: 1 }
    await gateway.write('rest.yml', {
      http: {
        routers: { rest: { ...routers.rest, ...rest } },
        services,
        middlewares: { 'one-page': { replacePath: { path: '/_vessel/asleep' } } },
      },
    })
    const asleep = expect.stringMatching(/agent GET \/_vessel\/asleep$/)
    expect((await get(gateway.port, `${HOST}/metrics?a=1`)).text).toEqual(asleep)
    expect((await get(gateway.port, 'other.localhost')).text).toEqual(asleep)

    await gateway.write('a.yml', routesOf('a', HOST, await named('guest')))
    // No wait here either: the last resort answers only once the folder was looked at again.
    expect((await get(gateway.port, HOST)).text).toContain('guest GET /')
    expect((await get(gateway.port, 'other.localhost')).text).toEqual(asleep)
  })

  it('prefer the longer rule, as Traefik does', async () => {
    const file = routesOf('a', HOST, await named('guest')).http
    const vessel = routesOf('v', HOST, await named('agent')).http
    const rule = `Host(\`${HOST}\`) && PathPrefix(\`/_vessel/\`)`
    await gateway.write('a.yml', {
      http: {
        routers: { ...file.routers, v: { rule, service: 'v' } },
        services: { ...file.services, ...vessel.services },
      },
    })
    expect((await get(gateway.port, `${HOST}/_vessel/enter?code=1`)).text).toContain('agent GET')
    expect((await get(gateway.port, `${HOST}/x/_vessel/enter`)).text).toContain('guest GET')
    expect((await get(gateway.port, `${HOST}/_vesselx`)).text).toContain('guest GET')
  })

  it('obey an explicit priority before the length of a rule', async () => {
    const short = routesOf('a', HOST, await named('short')).http
    const long = routesOf('b', HOST, await named('long')).http
    const rule = `Host(\`${HOST}\`) && PathPrefix(\`/x\`)`
    await gateway.write('a.yml', {
      http: {
        routers: {
          a: { rule: `Host(\`${HOST}\`)`, service: 'a', priority: 1_000 },
          b: { rule, service: 'b' },
        },
        services: { ...short.services, ...long.services },
      },
    })
    expect((await get(gateway.port, `${HOST}/x`)).text).toContain('short')
  })

  it.each([
    ['not YAML', '{{{'],
    ['an unknown key', { http: { routers: {}, services: {}, tcp: {} } }],
    ['a rule we do not write', routesOf('b', 'x`) || Host(`y', 'http://127.0.0.1:1')],
    [
      'a missing service',
      { http: { routers: { b: { rule: 'Host(`b`)', service: 's' } }, services: {} } },
    ],
    ['a service with a path', routesOf('b', 'b.localhost', 'http://127.0.0.1:1/x')],
    ['nothing', ''],
  ])('of other files keep working beside a file with %s', async (_what, content) => {
    await gateway.write('good.yml', routesOf('good', HOST, await named('guest')))
    await gateway.write('bad.yml', content)
    await until('fault is reported', () =>
      gateway.logLines.some((line) => line.file === 'bad.yml' && Boolean(line.fault)),
    )
    expect((await get(gateway.port, HOST)).status).toBe(200)
    expect(gateway.routes.faultCount).toBe(1)
  })

  it('of a file that became faulty are dropped', async () => {
    await gateway.write('a.yml', routesOf('a', HOST, await named('guest')))
    expect((await get(gateway.port, HOST)).status).toBe(200)
    await gateway.write('a.yml', 'http: [')
    await until('route is dropped', async () => (await get(gateway.port, HOST)).status === 404)
  })

  it('of a file that repeats a name of another are refused', async () => {
    await gateway.write('a.yml', routesOf('same', HOST, await named('first')))
    await gateway.write('b.yml', routesOf('same', 'p2.localhost', await named('second')))
    await until('fault is reported', () =>
      gateway.logLines.some(
        (line) => line.file === 'b.yml' && Boolean(line.fault?.includes('a.yml')),
      ),
    )
    expect((await get(gateway.port, HOST)).text).toContain('first')
    expect((await get(gateway.port, 'p2.localhost')).status).toBe(404)
  })

  it('are not read from unfinished or foreign files', async () => {
    const text = JSON.stringify(routesOf('a', HOST, await named('guest')))
    await writeFile(join(gateway.dir, '.a.yml'), text)
    await writeFile(join(gateway.dir, 'a.yml.tmp'), text)
    expect((await get(gateway.port, HOST)).status).toBe(404)
  })
})

describe('host names', () => {
  beforeEach(async () => gateway.write('a.yml', routesOf('a', HOST, await named('guest'))))

  it.each([HOST, `${HOST}:8080`, 'P1.LocalHost'])('%s is the workspace', async (host) => {
    expect((await get(gateway.port, host)).status).toBe(200)
  })

  it.each([
    `${HOST}.`,
    'p1_localhost',
    'p1.localhost:',
    'p1..localhost',
    '[::1]',
    'p1%2elocalhost',
  ])('%s is nothing', async (host) => {
    const { status, text } = await get(gateway.port, host)
    expect(status).toBe(404)
    expect(text).not.toContain('127.0.0.1')
  })
})

describe('requests that two servers may read differently are refused', () => {
  beforeEach(async () => gateway.write('a.yml', routesOf('a', HOST, await named('guest'))))
  const post = ['POST / HTTP/1.1', `Host: ${HOST}`]

  it.each([
    ['two hosts', ['GET / HTTP/1.1', `Host: ${HOST}`, 'Host: p2.localhost', '', '']],
    ['no host', ['GET / HTTP/1.1', '', '']],
    [
      'length and chunks',
      [...post, 'Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', ''],
    ],
    [
      'chunks and length',
      [...post, 'Transfer-Encoding: chunked', 'Content-Length: 4', '', '0', '', ''],
    ],
    ['two lengths', [...post, 'Content-Length: 4', 'Content-Length: 5', '', 'abcde']],
    ['another coding', [...post, 'Transfer-Encoding: gzip, chunked', '', '0', '', '']],
    ['a doubled coding', [...post, 'Transfer-Encoding: chunked, chunked', '', '0', '', '']],
    ['a folded header', ['GET / HTTP/1.1', `Host: ${HOST}`, 'X-A: b', ' c: d', '', '']],
    ['a blank before the colon', ['GET / HTTP/1.1', `Host: ${HOST}`, 'X-A : b', '', '']],
    ['an absolute target', [`GET http://${HOST}/ HTTP/1.1`, `Host: ${HOST}`, '', '']],
    ['dot segments', ['GET /a/../_vessel/x HTTP/1.1', `Host: ${HOST}`, '', '']],
    ['encoded dot segments', ['GET /a/%2e%2E/x HTTP/1.1', `Host: ${HOST}`, '', '']],
  ])('%s', async (_what, lines) => {
    const { status, text } = await sendRaw(gateway.port, lines)
    expect(status).toBe(400)
    expect(text).not.toContain('guest')
  })
})

describe('a service', () => {
  it('that is still starting gets the first request once it listens', async () => {
    const port = await freePort()
    await gateway.write('a.yml', routesOf('a', HOST, `http://127.0.0.1:${port}`))
    const answer = get(gateway.port, HOST)
    const slow = createServer((_request, response) => response.end('up now'))
    slow.listen(port, '127.0.0.1')
    cleanup.add(() => slow.close())
    expect((await answer).text).toContain('up now')
  })

  it('that was there and is gone gives a small page at once', async () => {
    const { server, url } = await startServer(cleanup, (_request, response) => response.end('ok'))
    await gateway.write('a.yml', routesOf('a', HOST, url))
    expect((await get(gateway.port, HOST)).status).toBe(200)
    server.close()
    const { status, text } = await get(gateway.port, HOST)
    expect(status).toBe(502)
    expect(text).not.toContain('127.0.0.1')
  })

  it('answers 200 requests at once', async () => {
    await gateway.write('a.yml', routesOf('a', HOST, await named('guest')))
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, at) => get(gateway.port, `${HOST}/${at}`)),
    )
    expect(replies.filter((reply, at) => reply.text.endsWith(`guest GET /${at}`))).toHaveLength(200)
  })
})
