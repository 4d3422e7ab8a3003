import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type LocalSupabase, startSupabase } from '../src/start.ts'

/** What a real Supabase has too, but no test may rely on there: limits, clocks, what is missing. */
let supabase: LocalSupabase
let admin: SupabaseClient
beforeAll(async () => {
  supabase = await startSupabase({
    ...{ accessTokenLifetimeS: 5, uploadUrlLifetimeS: 1, fileBytesMax: 1_000_000 },
    logLevel: 'silent',
  })
  admin = createClient(supabase.url, supabase.serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}, 60_000)
afterAll(() => supabase?.stop())

async function until(isTrue: () => Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const endsAt = Date.now() + deadlineMs
  while (!(await isTrue())) {
    if (Date.now() > endsAt) throw new Error('the condition was not met in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const rest = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${supabase.url}/rest/v1/${path}`, {
    ...init,
    headers: { apikey: supabase.serviceRoleKey, ...headers },
  })

describe('browsers', () => {
  it.each(['/rest/v1/projects', '/auth/v1/token', '/storage/v1/object/x/y', '/nothing'])(
    'get leave to call %s from any page',
    async (path) => {
      const response = await fetch(`${supabase.url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://dashboard.test',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,apikey,x-client-info',
        },
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('access-control-allow-headers')).toContain('x-client-info')
    },
  )

  it('can read an error, too', async () => {
    const response = await fetch(`${supabase.url}/rest/v1/projects`, {
      headers: { origin: 'http://dashboard.test' },
    })
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('what is not supported', () => {
  it.each([
    ['projects?select=count()', 'aggregate'],
    ['projects?select=...sessions(id)', 'spread'],
    ['projects?select=id::money', 'cast'],
    ['projects?name=fts.cat', 'fts'],
    ['projects?name=like(any).{a,b}', 'like(any)'],
    ['', '/rest/v1/'],
  ])('answers 501 and says what: %s', async (path, word) => {
    const response = await rest(path)
    expect(response.status).toBe(501)
    expect(((await response.json()) as { message: string }).message).toContain(word)
  })

  it('answers 501 for preferences and grants, 406 for other formats', async () => {
    const prefer = await rest('projects?id=is.null', { prefer: 'tx=rollback' })
    expect(prefer.status).toBe(501)
    const grant = await fetch(`${supabase.url}/auth/v1/token?grant_type=pkce`, {
      method: 'POST',
      headers: { apikey: supabase.anonKey },
    })
    expect(grant.status).toBe(501)
    expect((await rest('projects', { accept: 'text/csv' })).status).toBe(406)
    expect((await fetch(`${supabase.url}/storage/v1/render/image/x`)).status).toBe(501)
  })
})

describe('bad input', () => {
  it.each(['{', '', '[1]', '"x"', 'null'])('is refused as a row: %s', async (body) => {
    const response = await rest('projects', {}, { method: 'POST', body })
    expect([400]).toContain(response.status)
    expect(await response.json()).toMatchObject({ code: 'PGRST102' })
  })

  it('is refused as credentials', async () => {
    for (const body of ['{', '{}', '{"email":1,"password":"x"}', '[]']) {
      const response = await fetch(`${supabase.url}/auth/v1/token?grant_type=password`, {
        method: 'POST',
        headers: { apikey: supabase.anonKey, 'content-type': 'application/json' },
        body,
      })
      expect(response.status).toBe(400)
    }
  })

  it('is refused when it is too large', async () => {
    const large = await rest('projects', {}, { method: 'POST', body: 'x'.repeat(11_000_000) })
    expect(large.status).toBe(413)
    const file = await admin.storage.from('user-projects').upload('a/b', Buffer.alloc(1_000_001))
    expect(file.error).toMatchObject({ statusCode: '413' })
    const unknown = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
    })
    const streamed = await admin.storage.from('user-projects').upload('a/c', unknown)
    expect(streamed.error).not.toBeNull()
    await until(async () => (await readdir(join(supabase.dataDir, 'drafts'))).length === 0)
  })
})

describe('clocks', () => {
  it('end an access token and an upload URL', async () => {
    const email = `clock-${randomUUID()}@vessel.example`
    const anon = createClient(supabase.url, supabase.anonKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    const { data } = await anon.auth.signUp({ email, password: 'pw-clock-test' })
    const authorization = `Bearer ${data.session?.access_token}`
    const upload = await admin.storage.from('user-projects').createSignedUploadUrl('clock/a')
    expect((await rest('projects?select=id', { authorization })).status).toBe(200)
    const url = upload.data?.signedUrl ?? ''
    await until(async () => (await rest('projects?select=id', { authorization })).status === 401)
    const late = await rest('projects?select=id', { authorization })
    expect(await late.json()).toMatchObject({ code: 'PGRST303', message: 'JWT expired' })
    expect((await fetch(url, { method: 'PUT', body: 'late' })).ok).toBe(false)
  }, 30_000)
})

describe('guessing', () => {
  it('of a password is stopped, for its address only', async () => {
    const anon = createClient(supabase.url, supabase.anonKey, {
      auth: { autoRefreshToken: false, persistSession: false },
    })
    const email = `guess-${randomUUID()}@vessel.example`
    const codes = new Set<string>()
    for (let n = 0; n < 12; n += 1) {
      const { error } = await anon.auth.signInWithPassword({ email, password: `guess-${n}` })
      codes.add(error?.code ?? '')
    }
    expect([...codes]).toEqual(['invalid_credentials', 'over_request_rate_limit'])
    const other = await anon.auth.signInWithPassword({ email: `x${email}`, password: 'guess-1' })
    expect(other.error?.code).toBe('invalid_credentials')
  }, 30_000)

  it('of a refresh token ends the session it once belonged to', async () => {
    const anon = createClient(supabase.url, supabase.anonKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    const email = `reuse-${randomUUID()}@vessel.example`
    const { data } = await anon.auth.signUp({ email, password: 'pw-reuse-test' })
    const refresh = (token: string) => anon.auth.refreshSession({ refresh_token: token })
    const first = data.session?.refresh_token ?? ''
    const second = (await refresh(first)).data.session?.refresh_token ?? ''
    const third = (await refresh(second)).data.session?.refresh_token ?? ''
    await supabase.sql(`update auth.refresh_tokens set updated_at = now() - interval '1 minute'`)
    expect((await refresh(first)).error?.code).toBe('refresh_token_already_used')
    expect((await refresh(third)).error?.code).toBe('refresh_token_not_found')
  })
})

describe('a client that goes away', () => {
  it('in the middle of an upload leaves no object and no file', async () => {
    const upload = request(`${supabase.url}/storage/v1/object/user-projects/gone/a`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${supabase.serviceRoleKey}`,
        'content-length': 500_000,
        'content-type': 'application/zip',
      },
    })
    upload.on('error', () => undefined)
    upload.write(Buffer.alloc(100_000))
    const drafts = () => readdir(join(supabase.dataDir, 'drafts'))
    await until(async () => (await drafts()).length === 1)
    upload.destroy()
    await until(async () => (await drafts()).length === 0)
    expect((await admin.storage.from('user-projects').exists('gone/a')).data).toBe(false)
  })
})
