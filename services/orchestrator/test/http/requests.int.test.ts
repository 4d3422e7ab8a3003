import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { problem } from '@vessel/proto/http/problem'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(stack, `POST ${path}`, { as: stack.ann, body, headers })

describe('a request that is not well formed', () => {
  it.each([
    ['half of a document', '{"projectId":'],
    ['a name without a value', '{projectId}'],
    ['no document at all', ''],
    ['a prototype to inherit from', '{"__proto__":{"isAdmin":true},"name":"x"}'],
  ])('is refused: %s', async (_title, body) => {
    expect(codeOf(await post('/api/boot', body))).toBe('BAD_REQUEST')
  })

  it('is told which fields are at fault, each by its path', async () => {
    const answer = await post('/api/projects', {
      name: ' ',
      template: 'cobol',
      settings: { spec: { cpuCount: 0.5, memoryMib: 1024, diskMib: 1024 } },
    })
    expect(codeOf(answer)).toBe('VALIDATION')
    const paths = answer.body.issues.map(({ path }: { path: string }) => path)
    expect(paths.sort()).toEqual(['name', 'settings.spec.cpuCount', 'template'])
  })

  it.each([
    ['a body that is a list', '/api/boot', []],
    ['a body that is a word', '/api/boot', '"x"'],
    ['a field of another type', '/api/boot', { projectId: 7 }],
    ['no body where one is needed', '/api/boot', undefined],
    ['an id that is none', '/api/boot', { projectId: '../../etc' }],
    ['nothing to change', '/api/projects', { name: 5 }],
    ['a name with a control character', '/api/projects', { name: 'a\u0007b' }],
    ['a name that is too long', '/api/projects', { name: 'x'.repeat(81) }],
    ['a value Postgres cannot hold', '/api/projects', settings({ A: 'a\u0000b' })],
    ['half a character', '/api/projects', settings({ A: '\ud800' })],
    ['a reserved name', '/api/projects', settings({ VESSEL_BOOT: '1' })],
  ])('is refused: %s', async (_title, path, body) => {
    const answer = await post(path, body)
    expect(codeOf(answer)).toBe('VALIDATION')
    expect(answer.body.issues.length).toBeGreaterThan(0)
  })

  it.each([
    'GET /api/projects?limit=0',
    'GET /api/projects?limit=201',
    'GET /api/projects?limit=many',
    'GET /api/projects?cursor=abc',
    'GET /api/projects?deleted=yes',
    'GET /api/projects?search=%00',
    'GET /api/projects?limit=1&limit=2',
    'GET /api/projects/not-an-id',
    'GET /api/status/not-an-id',
    'POST /api/import',
  ])('is refused: %s', async (line) => {
    const headers = { 'content-type': 'application/zip' }
    const answer = line.startsWith('POST')
      ? await call(stack, line, { as: stack.ann, body: new Uint8Array(1), headers })
      : await call(stack, line, { as: stack.ann })
    expect(codeOf(answer)).toBe('VALIDATION')
  })

  it('is refused when it is larger than a body may be, announced or not', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(70_000) })
    expect(codeOf(await post('/api/projects', body))).toBe('BODY_TOO_LARGE')
    const streamed = await fetch(`${stack.url}/api/projects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.ann.token}`, 'content-type': 'application/json' },
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect(problem.parse(await streamed.json()).code).toBe('BODY_TOO_LARGE')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is refused when it is %s, which a form of any page can send',
    async (type) => {
      const answer = await post('/api/boot', '{"projectId":"x"}', { 'content-type': type })
      expect(codeOf(answer)).toBe('UNSUPPORTED_MEDIA')
    },
  )

  it('is refused when JSON is sent as an import, or a zip as JSON', async () => {
    const zip = { 'content-type': 'application/zip' }
    expect(codeOf(await post('/api/boot', 'PK', zip))).toBe('UNSUPPORTED_MEDIA')
    expect(codeOf(await post('/api/import?name=x', { a: 1 }))).toBe('UNSUPPORTED_MEDIA')
  })

  it.each([
    ['GET /api/nothing', 'NOT_FOUND'],
    ['GET /', 'NOT_FOUND'],
    ['PUT /api/projects', 'METHOD_NOT_ALLOWED'],
    ['GET /api/boot', 'METHOD_NOT_ALLOWED'],
    ['GET /api/%', 'BAD_REQUEST'],
    [`GET /api/projects/${'a'.repeat(300)}`, 'BAD_REQUEST'],
  ])('%s is %s', async (line, code) => {
    expect(codeOf(await call(stack, line, { as: stack.ann }))).toBe(code)
  })

  it('is told which methods there are', async () => {
    const answer = await call(stack, 'PUT /api/projects')
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  it('is answered even when it is not HTTP', async () => {
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1')
    socket.end('nonsense\r\n\r\n')
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    expect(head).toContain('application/problem+json')
    expect(problem.parse(JSON.parse(body)).code).toBe('BAD_REQUEST')
  })
})

function settings(environment: Record<string, string>) {
  return { name: 'settings', settings: { environment } }
}

describe('a trace', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c'
  const PARENT = `00-${TRACE}-b7ad6b7169203331-01`

  it('goes on from the caller, into the answer, the log line and the boot', async () => {
    const project = crypto.randomUUID()
    const answer = await post('/api/boot', { projectId: project }, { traceparent: PARENT })
    expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))
    expect(answer.headers.get('traceparent')).not.toBe(PARENT)
    expect(answer.body.traceId).toBe(TRACE)
    expect(stack.sessions.boots.at(-1)?.traceparent).toBe(answer.headers.get('traceparent'))
    const line = stack.logLines.map((text) => JSON.parse(text)).findLast((l) => l.traceId === TRACE)
    expect(line).toMatchObject({ msg: 'request answered', route: '/api/boot', status: 404 })
  })

  it.each(['nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `${PARENT}-more`])(
    'begins anew after %s',
    async (traceparent) => {
      const answer = await call(stack, 'GET /healthz', { headers: { traceparent } })
      const given = answer.headers.get('traceparent') ?? ''
      expect(given).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
      expect(given).not.toContain(TRACE)
      expect(given).not.toContain('0'.repeat(32))
    },
  )
})

describe('the log', () => {
  it('holds no token, no cookie and no query', async () => {
    const secret = 'code-that-is-secret'
    await call(stack, `GET /api/projects?search=${secret}`, {
      as: stack.ann,
      headers: { cookie: `a=${secret}` },
    })
    await call(stack, `GET /api/none?code=${secret}`, { as: stack.ann })
    const all = stack.logLines.join('')
    expect(all).toContain('"path":"/api/none"')
    expect(all).not.toContain(secret)
    expect(all).not.toContain(stack.ann.token)
  })
})

describe('headers', () => {
  it('tell browsers that an answer is no page, not to be framed, guessed or kept', async () => {
    const { headers } = await call(stack, 'GET /api/projects', { as: stack.ann })
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('set-cookie')).toBeNull()
  })
})

describe('probes', () => {
  it('say the process is alive, and what it cannot work without', async () => {
    expect(await call(stack, 'GET /healthz')).toMatchObject({ status: 200 })
    expect(await call(stack, 'GET /readyz')).toMatchObject({ status: 200, body: { down: [] } })
    stack.down.push('bus')
    const answer = await call(stack, 'GET /readyz')
    expect(answer).toMatchObject({ status: 503, body: { status: 'unavailable', down: ['bus'] } })
    stack.down.length = 0
  })

  it('keep a copy in the rotation that lacks only what every other copy lacks too', async () => {
    stack.down.push('store')
    const without = await call(stack, 'GET /readyz')
    expect(without).toMatchObject({ status: 200, body: { status: 'degraded', down: ['store'] } })
    stack.down.push('bus')
    expect(await call(stack, 'GET /readyz')).toMatchObject({ status: 503 })
    stack.down.length = 0
  })

  it('count requests by the template of their route', async () => {
    await call(stack, `GET /api/projects/${crypto.randomUUID()}`, { as: stack.ann })
    const body = await stack.registry.metrics()
    expect(body).toMatch(
      /vessel_http_request_duration_seconds_count\{.*route="\/api\/projects\/:id",status="404"\} \d/,
    )
    expect(body).toContain('route="unmatched",status="404"')
    expect(body).not.toContain('/api/nothing')
  })
})
