import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type LocalSupabase, startSupabase } from '../src/start.ts'

let supabase: LocalSupabase
let admin: SupabaseClient
beforeAll(async () => {
  supabase = await startSupabase({ isFaulty: true })
  admin = createClient(supabase.url, supabase.serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}, 60_000)
afterAll(() => supabase?.stop())
afterEach(() => fetch(`${supabase.url}/__faults`, { method: 'DELETE' }))

async function fault(rule: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${supabase.url}/__faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  })
  expect(response.status).toBe(204)
}

const bucket = () => admin.storage.from('user-projects')

async function signedUrl(key: string): Promise<string> {
  const { data } = await bucket().createSignedUploadUrl(key)
  return data?.signedUrl ?? ''
}

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body })

describe('faults on demand', () => {
  it('refuse an upload as often as told, and then it works', async () => {
    const url = await signedUrl(`faults/${randomUUID()}`)
    await fault({ match: 'PUT /storage/v1/object/upload/sign', status: 503, times: 3 })
    const statuses: number[] = []
    for (let n = 0; n < 4; n += 1) statuses.push((await put(url, 'body')).status)
    expect(statuses).toEqual([503, 503, 503, 200])
  })

  it.each([
    [1_000_000, 50_000],
    [2_000, 100],
    [100, 0],
  ])('break an upload of %i bytes after %i, which leaves nothing behind', async (size, bytes) => {
    const key = `faults/${randomUUID()}`
    const url = await signedUrl(key)
    await fault({ match: 'PUT /storage/v1/object/upload/sign', cutAfterBytes: bytes })
    await expect(put(url, 'x'.repeat(size))).rejects.toThrow()
    expect((await bucket().exists(key)).data).toBe(false)
    expect((await put(url, 'whole')).status).toBe(200)
    expect(await (await bucket().download(key)).data?.text()).toBe('whole')
  })

  it('break a download in the middle, so that its reader notices', async () => {
    const key = `faults/${randomUUID()}`
    await bucket().upload(key, Buffer.alloc(1_000_000))
    const { data } = await bucket().createSignedUrl(key, 60)
    await fault({ match: 'GET /storage/v1/object/sign', cutAfterBytes: 10_000 })
    const read = async () => (await fetch(data?.signedUrl ?? '')).arrayBuffer()
    await expect(read()).rejects.toThrow()
    expect((await read()).byteLength).toBe(1_000_000)
  })

  it('lose the answer of an upload that has happened', async () => {
    const key = `faults/${randomUUID()}`
    const url = await signedUrl(key)
    await fault({ match: 'PUT /storage/v1/object/upload/sign', isAnswerLost: true })
    await expect(put(url, 'stored')).rejects.toThrow()
    expect(await (await bucket().download(key)).data?.text()).toBe('stored')
    expect(await (await put(url, 'again')).json()).toMatchObject({ statusCode: '409' })
  })

  it('delay, skip and count', async () => {
    await fault({ match: '* /rest/v1/projects', status: 500, skip: 1 })
    await fault({ match: '* /rest/v1/sessions', latencyMs: 30 })
    const codes: number[] = []
    for (let n = 0; n < 3; n += 1) {
      codes.push((await admin.from('projects').select('id').retry(false)).status)
    }
    expect(codes).toEqual([200, 500, 200])
    expect((await admin.from('sessions').select('id')).status).toBe(200)
    expect(await (await fetch(`${supabase.url}/__faults`)).json()).toEqual([])
  })

  it('refuse a rule that names no fault', async () => {
    const response = await fetch(`${supabase.url}/__faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match: 'GET /rest', typo: 1 }),
    })
    expect(response.status).toBe(400)
  })

  it('are not offered unless asked for', async () => {
    const plain = await startSupabase({ migrationsDir: null })
    try {
      expect((await fetch(`${plain.url}/__faults`)).status).toBe(404)
    } finally {
      await plain.stop()
    }
  }, 60_000)
})
