import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { REST_ROUTES, type RestRoute, type RouteName } from '@vessel/proto/http/routes'
import { type CallOptions, call, codeOf } from './support/call.ts'
import { forge } from './support/forge.ts'
import { type HttpStack, ORIGIN, startHttp } from './support/http-stack.ts'
import { makeOwned } from './support/owned.ts'
import { type Ids, SAMPLES } from './support/requests.ts'

const NAMES = Object.keys(REST_ROUTES) as RouteName[]
const ROUTES: Record<RouteName, RestRoute> = REST_ROUTES
/** Routes that name a thing somebody owns. */
const OWNED = NAMES.filter((name) => !ROUTES[name].isAdmin && isOfOne(name))
const ADMIN = NAMES.filter((name) => ROUTES[name].isAdmin)
const CHANGING = NAMES.filter((name) => ROUTES[name].method !== 'GET')

/** What is not there for who does not own it, where that is no project. */
const MISSING: Partial<Record<RouteName, string>> = {
  ticket: 'SESSION_NOT_FOUND',
  previewSave: 'SESSION_NOT_FOUND',
  endLogin: 'LOGIN_NOT_FOUND',
  deleteApiToken: 'TOKEN_NOT_FOUND',
}

function isOfOne(name: RouteName): boolean {
  return ROUTES[name].path.includes(':') || ['boot', 'shutdown', 'heartbeat'].includes(name)
}

let stack: HttpStack
let ids: Ids
beforeAll(async () => {
  stack = await startHttp()
  ids = await makeOwned(stack, stack.ann, 'of ann')
}, 60_000)
afterAll(() => stack?.stop())

function send(name: RouteName, options: CallOptions = {}) {
  const { line, body, headers } = SAMPLES[name](ids)
  return call(stack, line, {
    ...(body === undefined ? {} : { body }),
    ...options,
    headers: { ...headers, ...options.headers },
  })
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe.each(NAMES)('%s', (name) => {
  it('is refused without a token', async () => {
    const answer = await send(name)
    expect(codeOf(answer)).toBe('UNAUTHENTICATED')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('is refused with an expired token', async () => {
    const token = await forge(stack.supabase, { sub: stack.ann.id, exp: 1_700_000_000 })
    expect(codeOf(await send(name, bearer(token)))).toBe('TOKEN_EXPIRED')
  })

  it('is refused with a token that was changed', async () => {
    const [head, payload = '', signature] = stack.ann.token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const changed = Buffer.from(
      JSON.stringify({ ...claims, sub: stack.ben.id, app_metadata: { role: 'admin' } }),
    )
    const token = [head, changed.toString('base64url'), signature].join('.')
    expect(codeOf(await send(name, bearer(token)))).toBe('UNAUTHENTICATED')
  })

  it('is refused when the token is only in a cookie', async () => {
    const headers = { cookie: `sb-access-token=${stack.ann.token}; token=${stack.ann.token}` }
    expect(codeOf(await send(name, { headers }))).toBe('UNAUTHENTICATED')
  })
})

describe('a token', () => {
  const cases: [string, (stack: HttpStack) => Promise<string> | string][] = [
    ['of the service role', ({ supabase }) => supabase.serviceRoleKey],
    ['of nobody (the anon key)', ({ supabase }) => supabase.anonKey],
    ['for another audience', ({ supabase, ann }) => forge(supabase, { sub: ann.id, aud: 'other' })],
    ['of another issuer', ({ supabase, ann }) => forge(supabase, { sub: ann.id, iss: 'http://x' })],
    ['without a user', ({ supabase }) => forge(supabase, {})],
    ['of a user that is no id', ({ supabase }) => forge(supabase, { sub: 'ann' })],
    ['that does not hold yet', ({ supabase, ann }) => forge(supabase, { sub: ann.id, nbf: 9e9 })],
    ['without a signature', ({ ann }) => `${unsigned(ann.token)}.`],
    ['that is no token', () => 'x.y.z'],
    ['that is endless', () => 'a'.repeat(9_000)],
  ]
  it.each(cases)('%s opens nothing', async (_title, make) => {
    expect(codeOf(await send('listProjects', bearer(await make(stack))))).toBe('UNAUTHENTICATED')
  })

  it('opens nothing under another scheme than Bearer', async () => {
    const headers = { authorization: `Basic ${stack.ann.token}` }
    expect(codeOf(await send('listProjects', { headers }))).toBe('UNAUTHENTICATED')
  })
})

function unsigned(token: string): string {
  const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  return `${head}.${token.split('.')[1]}`
}

describe('what belongs to one user', () => {
  it.each(OWNED)('%s is not there for another, and stays as it was', async (name) => {
    const before = await call(stack, `GET /api/projects/${ids.project}`, { as: stack.ann })
    const code = codeOf(await send(name, { as: stack.ben }))
    expect(code).toBe(MISSING[name] ?? 'PROJECT_NOT_FOUND')
    const after = await call(stack, `GET /api/projects/${ids.project}`, { as: stack.ann })
    expect(after.body).toEqual(before.body)
  })

  it.each(OWNED)('%s is not there for an administrator either', async (name) => {
    expect(codeOf(await send(name, { as: stack.root }))).toMatch(/_NOT_FOUND$/)
  })

  it('is in nobody else’s lists', async () => {
    const projects = await send('listProjects', { as: stack.ben })
    const sessions = await send('listSessions', { as: stack.ben })
    expect([projects.body.items, sessions.body.items]).toEqual([[], []])
  })
})

describe('administrators’ routes', () => {
  it.each(ADMIN)('%s is refused to everybody else', async (name) => {
    expect(codeOf(await send(name, { as: stack.ann }))).toBe('FORBIDDEN')
  })

  it.each(ADMIN)('%s answers an administrator', async (name) => {
    const answer = await send(name, { as: stack.root })
    expect(Object.keys(ROUTES[name].replies)).toContain(String(answer.status))
  })

  it('a role one gave oneself is none', async () => {
    const token = await forge(stack.supabase, {
      sub: stack.ann.id,
      user_metadata: { role: 'admin' },
      role: 'admin',
    })
    expect(codeOf(await send('adminHosts', bearer(token)))).toBe('FORBIDDEN')
  })
})

describe('the page a request comes from', () => {
  const FOREIGN = [
    'http://p1.localhost:3000',
    'http://localhost:3001',
    'https://localhost:3000',
    'http://localhost',
    'http://localhost:3000.evil.test',
    'http://LOCALHOST:3000',
    'http://p1.vessel.test',
    'null',
  ]
  it.each(CHANGING)('%s is refused to every page but the dashboard', async (name) => {
    for (const origin of FOREIGN) {
      const answer = await send(name, { as: stack.ann, headers: { origin } })
      expect([origin, codeOf(answer)]).toEqual([origin, 'ORIGIN_REFUSED'])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it.each(['drainHost', 'boot'] as const)('%s is open to the dashboard', async (name) => {
    const as = name === 'boot' ? stack.ann : stack.root
    const answer = await send(name, { as, headers: { origin: ORIGIN } })
    expect(answer.status).toBeLessThan(300)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('may read nothing unless it is the dashboard', async () => {
    const headers = { origin: 'http://p1.localhost:3000' }
    const answer = await send('listProjects', { as: stack.ann, headers })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('is told before the request what it may send', async () => {
    const ask = (origin: string) =>
      call(stack, 'OPTIONS /api/boot', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      })
    const own = await ask(ORIGIN)
    expect(own.status).toBe(204)
    expect(own.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(own.headers.get('access-control-allow-headers')).toContain('authorization')
    const foreign = await ask('http://evil.test')
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  })
})
