import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type Process, startProcess } from './process.ts'

interface Keys {
  readonly anonKey: string
  readonly serviceRoleKey: string
}

let dataDir: string
const running: Process[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vessel-supabase-test-'))
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.end('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

function start(env: Record<string, string> = {}): Process {
  const one = startProcess({ SUPABASE_DATA_DIR: dataDir, ...env })
  running.push(one)
  return one
}

async function readKeys(): Promise<Keys> {
  return JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8')) as Keys
}

async function open(one: Process): Promise<{ url: string; admin: SupabaseClient; keys: Keys }> {
  const { port } = await one.line('listening')
  const keys = await readKeys()
  const url = `http://127.0.0.1:${String(port)}`
  const auth = { persistSession: false, autoRefreshToken: false }
  return { url, keys, admin: createClient(url, keys.serviceRoleKey, { auth }) }
}

describe('a killed stand-in', () => {
  it('has every row it acknowledged, at whatever moment it dies', async () => {
    const email = `kill-${randomUUID()}@vessel.example`
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round += 1) {
      const one = start()
      const { admin } = await open(one)
      if (round === 0) await admin.auth.admin.createUser({ email, password: 'pw-kill-test' })
      const users = await admin.auth.admin.listUsers()
      const userId = users.data.users[0]?.id ?? ''
      const known = await admin.from('projects').select('id')
      expect(known.data?.map(({ id }) => id as string)).toEqual(
        expect.arrayContaining(acknowledged),
      )
      const write = async (): Promise<void> => {
        const id = randomUUID()
        const { error } = await admin.from('projects').insert({
          ...{ id, user_id: userId, name: id, slug: `s${id.slice(0, 8)}` },
          template_type: 'blank',
        })
        if (error === null) acknowledged.push(id)
      }
      // Written while the process dies: whatever got its answer counts.
      const writers = Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 30 && one.child.signalCode === null; n += 1) await write()
      })
      const goal = acknowledged.length + 20
      while (acknowledged.length < goal) await Promise.race([write(), ...writers])
      await one.end('SIGKILL')
      await Promise.allSettled(writers)
    }
    const { admin } = await open(start())
    const { data } = await admin.from('projects').select('id')
    expect(data?.map(({ id }) => id as string)).toEqual(expect.arrayContaining(acknowledged))
    expect(acknowledged.length).toBeGreaterThanOrEqual(60)
  }, 120_000)

  it('keeps objects and keys, goes on with TUS uploads and sweeps what was cut off', async () => {
    const first = start()
    const before = await open(first)
    const bucket = before.admin.storage.from('user-projects')
    const body = randomBytes(200_000)
    expect((await bucket.upload('kept/a.zip', body)).error).toBeNull()
    const user = await before.admin.auth.admin.createUser({
      ...{ email: `keep-${randomUUID()}@vessel.example`, password: 'pw-keep-test' },
    })
    const name = (text: string): string => Buffer.from(text).toString('base64')
    const tusHeaders = {
      'tus-resumable': '1.0.0',
      authorization: `Bearer ${before.keys.serviceRoleKey}`,
    }
    const created = await fetch(`${before.url}/storage/v1/upload/resumable`, {
      method: 'POST',
      headers: {
        ...tusHeaders,
        'upload-length': '10',
        'upload-metadata': `bucketName ${name('user-projects')},objectName ${name('kept/b.zip')}`,
        'content-type': 'application/offset+octet-stream',
      },
      body: 'first',
    })
    expect(created.status).toBe(201)
    await first.end('SIGKILL')
    await writeFile(join(dataDir, 'drafts', 'rubbish'), 'half an upload')

    const after = await open(start())
    expect(after.keys).toEqual(before.keys)
    expect(await readdir(join(dataDir, 'drafts'))).toEqual([])
    const kept = await after.admin.storage.from('user-projects').download('kept/a.zip')
    const bytes = (await kept.data?.arrayBuffer()) ?? new ArrayBuffer(0)
    expect(Buffer.from(bytes).equals(body)).toBe(true)
    const known = await after.admin.auth.admin.getUserById(user.data.user?.id ?? '')
    expect(known.error).toBeNull()
    const url = (created.headers.get('location') ?? '').replace(before.url, after.url)
    const rest = await fetch(url, {
      method: 'PATCH',
      headers: {
        ...tusHeaders,
        'upload-offset': '5',
        'content-type': 'application/offset+octet-stream',
      },
      body: 'after',
    })
    expect(rest.status).toBe(204)
    const joined = await after.admin.storage.from('user-projects').download('kept/b.zip')
    expect(await joined.data?.text()).toBe('firstafter')
  }, 120_000)
})

describe('the process', () => {
  it('writes its keys for the launcher alone and ends cleanly on SIGTERM', async () => {
    const one = start()
    const { url } = await open(one)
    expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await one.end('SIGTERM')).toBe(0)
    await one.line('stopped')
  }, 60_000)

  it('logs a recovery link that signs its owner in once, and leads to no foreign page', async () => {
    const one = start({ SUPABASE_SITE_URL: 'http://dashboard.test' })
    const { admin } = await open(one)
    const email = `forgot-${randomUUID()}@vessel.example`
    await admin.auth.admin.createUser({ email, password: 'pw-forgotten' })
    await admin.auth.resetPasswordForEmail(email, { redirectTo: 'http://evil.test/steal' })
    const { link } = await one.line('password recovery link')
    const follow = async () => {
      const response = await fetch(String(link), { redirect: 'manual' })
      return new URL(response.headers.get('location') ?? '')
    }
    const page = await follow()
    expect([page.origin, page.pathname]).toEqual(['http://dashboard.test', '/'])
    const token = new URLSearchParams(page.hash.slice(1)).get('access_token') ?? ''
    expect((await admin.auth.getUser(token)).data.user?.email).toBe(email)
    expect((await follow()).hash).toContain('otp_expired')
  }, 60_000)

  it('uses the API keys it is given', async () => {
    const anonKey = 'given-anon-key-0123456789'
    const serviceRoleKey = 'given-service-role-key-0123456789'
    const one = start({ SUPABASE_ANON_KEY: anonKey, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey })
    const { admin, keys } = await open(one)
    expect(keys).toMatchObject({ anonKey, serviceRoleKey })
    expect((await admin.from('projects').select('id')).error).toBeNull()
  }, 60_000)

  it('refuses a data directory that another one has open', async () => {
    await open(start())
    const second = start()
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(1)
    const fatal = JSON.stringify(await second.line('could not start'))
    expect(fatal).toContain('another process uses the data directory')
  }, 60_000)

  it('names every problem of its configuration at once', async () => {
    const bad = start({ SUPABASE_PORT: 'x', SUPABASE_SITE_URL: 'nope', SUPABASE_DATA_DIR: '' })
    const [code] = await once(bad.child, 'exit')
    expect(code).toBe(1)
    const { problem } = await bad.line('invalid configuration')
    for (const name of ['SUPABASE_PORT', 'SUPABASE_SITE_URL', 'SUPABASE_DATA_DIR']) {
      expect(problem).toContain(name)
    }
  }, 60_000)

  it('refuses a migration that was changed after it was applied, and applies new ones', async () => {
    const migrations = await mkdtemp(join(tmpdir(), 'vessel-migrations-'))
    try {
      await writeFile(join(migrations, '0001_a.sql'), 'create table public.a (id int);')
      const env = { SUPABASE_MIGRATIONS_DIR: migrations }
      const first = start(env)
      await open(first)
      await first.end('SIGTERM')
      await writeFile(join(migrations, '0002_b.sql'), 'create table public.b (id int);')
      const second = start(env)
      const { admin } = await open(second)
      expect((await admin.from('b').select('*')).data).toEqual([])
      await second.end('SIGTERM')
      await writeFile(join(migrations, '0001_a.sql'), 'create table public.a (id bigint);')
      const third = start(env)
      const fatal = JSON.stringify(await third.line('could not start'))
      expect(fatal).toContain('migration 0001_a.sql was changed after it was applied')
    } finally {
      await rm(migrations, { recursive: true, force: true })
    }
  }, 60_000)
})
