import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SupabaseClient } from '@supabase/supabase-js'
import { openTarget, type Target, type TestUser } from './target.ts'

const BUCKET = 'user-projects'

let target: Target
let alice: TestUser
let bob: TestUser
const made: string[] = []
beforeAll(async () => {
  target = await openTarget()
  alice = await target.user()
  bob = await target.user()
}, 60_000)
afterAll(async () => {
  if (made.length > 0) await bucket().remove(made)
  await target?.stop()
})

const bucket = (client: SupabaseClient = target.admin()) => client.storage.from(BUCKET)

function path(user: TestUser = alice, name = 'a.zip'): string {
  const key = `${user.id}/${randomUUID()}/${name}`
  made.push(key)
  return key
}

async function put(key: string, body: Buffer): Promise<void> {
  const { error } = await bucket().upload(key, body, { contentType: 'application/zip' })
  if (error !== null) throw error
}

describe('uploads', () => {
  it('stores bytes as they are, a few megabytes included, with type and etag', async () => {
    const key = path()
    const body = randomBytes(3 * 1024 * 1024)
    await put(key, body)
    const { data } = await bucket().download(key)
    expect(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(body)).toBe(true)
    const info = await bucket().info(key)
    expect(info.data).toMatchObject({ size: body.length, contentType: 'application/zip' })
  })

  it('takes a Blob, as a browser sends it, with its own metadata', async () => {
    const key = path(alice, 'b.txt')
    const { error } = await bucket().upload(key, new Blob(['héllo'], { type: 'text/plain' }), {
      metadata: { origin: 'test' },
    })
    expect(error).toBeNull()
    expect(await (await bucket().download(key)).data?.text()).toBe('héllo')
    expect((await bucket().info(key)).data).toMatchObject({ metadata: { origin: 'test' } })
  })

  it('never replaces an object unless told to', async () => {
    const key = path()
    await put(key, Buffer.from('first'))
    const again = await bucket().upload(key, Buffer.from('second'))
    expect(again.error).toMatchObject({ statusCode: '409' })
    expect(await (await bucket().download(key)).data?.text()).toBe('first')
    const upsert = await bucket().upload(key, Buffer.from('third'), { upsert: true })
    expect(upsert.error).toBeNull()
    expect(await (await bucket().download(key)).data?.text()).toBe('third')
  })

  it('lets one of many uploads to one key win and refuses all the others', async () => {
    const key = path()
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) => bucket().upload(key, Buffer.from(`writer ${n}`))),
    )
    const winners = results.flatMap(({ error }, n) => (error === null ? [`writer ${n}`] : []))
    expect(winners).toHaveLength(1)
    expect(await (await bucket().download(key)).data?.text()).toBe(winners[0])
  })

  it('refuses people and strangers, and keys that are none', async () => {
    const asOwner = await bucket(alice.client).upload(path(), Buffer.from('x'))
    expect(asOwner.error).toMatchObject({ statusCode: '403' })
    const asAnon = await bucket(target.anon()).upload(path(), Buffer.from('x'))
    expect(asAnon.error).toMatchObject({ statusCode: '403' })
    const key = await bucket().upload(`${alice.id}/ü.zip`, Buffer.from('x'))
    expect(key.error).toMatchObject({ statusCode: '400' })
    const noBucket = await target
      .admin()
      .storage.from('no-such-bucket')
      .upload('x', Buffer.from(''))
    expect(noBucket.error).toMatchObject({ statusCode: '404' })
  })
})

describe('downloads', () => {
  it('gives people their own objects and hides the others', async () => {
    const key = path(alice)
    await put(key, Buffer.from('secret of alice'))
    expect(await (await bucket(alice.client).download(key)).data?.text()).toBe('secret of alice')
    for (const client of [bob.client, target.anon()]) {
      expect((await bucket(client).download(key)).error).not.toBeNull()
      expect((await bucket(client).createSignedUrl(key, 60)).error).not.toBeNull()
      expect((await bucket(client).list(key.split('/').slice(0, 2).join('/'))).data).toEqual([])
    }
    expect((await bucket().exists(`${alice.id}/nothing`)).data).toBe(false)
  })

  it('answers ranges, HEAD and a range past the end', async () => {
    const key = path()
    await put(key, Buffer.from('0123456789'))
    const { data } = await bucket().createSignedUrl(key, 60)
    const url = data?.signedUrl ?? ''
    const ranged = async (range: string) => {
      const response = await fetch(url, { headers: { range } })
      return [response.status, response.headers.get('content-range'), await response.text()]
    }
    expect(await ranged('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234'])
    expect(await ranged('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789'])
    expect(await ranged('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789'])
    const past = await fetch(url, { headers: { range: 'bytes=10-' } })
    expect(past.ok).toBe(false)
    const head = await fetch(`${target.url}/storage/v1/object/authenticated/${BUCKET}/${key}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${target.serviceRoleKey}` },
    })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10'])
  })

  it('signs download URLs that work for one object until they run out', async () => {
    const [first, second] = [path(), path()]
    await put(first, Buffer.from('one'))
    await put(second, Buffer.from('two'))
    const { data } = await bucket().createSignedUrls([first, `${alice.id}/nothing`], 60)
    expect(data?.[1]?.error).toEqual(expect.any(String))
    const url = data?.[0]?.signedUrl ?? ''
    expect(await (await fetch(url)).text()).toBe('one')
    expect((await fetch(url.replace(first, second))).ok).toBe(false)
    expect((await fetch(`${url}x`)).ok).toBe(false)
    expect((await fetch(url.split('?')[0] ?? '')).ok).toBe(false)
  })

  it('names the file of a download when asked', async () => {
    const key = path()
    await put(key, Buffer.from('one'))
    const { data } = await bucket().createSignedUrl(key, 60, { download: 'my project.zip' })
    const response = await fetch(data?.signedUrl ?? '')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;.*my%20project\.zip/)
    await response.body?.cancel()
  })
})

describe('signed upload URLs', () => {
  it('let whoever has one upload this key once, without a token', async () => {
    const key = path()
    const { data } = await bucket().createSignedUploadUrl(key)
    const send = (url: string, body: string) =>
      fetch(url, { method: 'PUT', body, headers: { 'content-type': 'application/zip' } })
    const url = data?.signedUrl ?? ''
    expect((await send(url.replace(key, path()), 'other key')).ok).toBe(false)
    expect((await send(url, 'hello')).ok).toBe(true)
    const again = await send(url, 'again')
    expect(again.ok).toBe(false)
    expect(await again.json()).toMatchObject({ statusCode: '409', error: 'Duplicate' })
    expect(await (await bucket().download(key)).data?.text()).toBe('hello')
  })

  it('work through the client and are refused for a key that is taken', async () => {
    const key = path()
    const { data } = await bucket().createSignedUploadUrl(key)
    const sent = await bucket(target.anon()).uploadToSignedUrl(
      key,
      data?.token ?? '',
      Buffer.from('bytes'),
    )
    expect(sent.data?.path).toBe(key)
    expect((await bucket().createSignedUploadUrl(key)).error).toMatchObject({ statusCode: '409' })
  })

  it('are not given to people', async () => {
    const { error } = await bucket(alice.client).createSignedUploadUrl(path())
    expect(error).toMatchObject({ statusCode: '403' })
  })

  it('are no bearer tokens, and bearer tokens are no signatures', async () => {
    const key = path()
    const { data } = await bucket().createSignedUploadUrl(key)
    const asBearer = await fetch(`${target.url}/storage/v1/bucket`, {
      headers: { authorization: `Bearer ${data?.token}` },
    })
    expect(asBearer.ok).toBe(false)
    const url = `${target.url}/storage/v1/object/upload/sign/${BUCKET}/${key}`
    const asSignature = await fetch(`${url}?token=${target.anonKey}`, { method: 'PUT', body: 'x' })
    expect(asSignature.ok).toBe(false)
  })
})

describe('listing and removing', () => {
  it('lists one level, folders without an id, and removes what it is told', async () => {
    const folder = randomUUID()
    const keys = ['a.zip', 'b.zip', 'sub/c.zip'].map((name) => `${alice.id}/${folder}/${name}`)
    for (const key of keys) await put(key, Buffer.from('x'))
    const prefix = `${alice.id}/${folder}`
    const listed = await bucket().list(prefix, { sortBy: { column: 'name', order: 'desc' } })
    expect(listed.data?.map(({ name, id }) => [name, id === null])).toEqual([
      ['sub', true],
      ['b.zip', false],
      ['a.zip', false],
    ])
    const page = await bucket().list(prefix, { limit: 1, offset: 1 })
    expect(page.data?.map(({ name }) => name)).toEqual(['b.zip'])
    expect((await bucket(alice.client).remove(keys)).data).toEqual([])
    const removed = await bucket().remove([...keys, `${prefix}/nothing`])
    expect(removed.data).toHaveLength(3)
    expect((await bucket().list(prefix)).data).toEqual([])
  })

  it('moves and copies', async () => {
    const [from, to, copy] = [path(), path(), path()]
    await put(from, Buffer.from('moved'))
    expect((await bucket().copy(from, copy)).error).toBeNull()
    expect((await bucket().move(from, to)).error).toBeNull()
    expect((await bucket().download(from)).error).not.toBeNull()
    for (const key of [to, copy]) {
      expect(await (await bucket().download(key)).data?.text()).toBe('moved')
    }
  })
})

describe('buckets', () => {
  it('are made, found, limited and removed by the service role only', async () => {
    const { storage } = target.admin()
    const id = `test-${randomUUID()}`
    const made = await storage.createBucket(id, {
      ...{ public: false, fileSizeLimit: 10, allowedMimeTypes: ['text/plain'] },
    })
    expect(made.error).toBeNull()
    expect((await storage.createBucket(id)).error).toMatchObject({ statusCode: '409' })
    expect((await storage.getBucket(id)).data).toMatchObject({ id, public: false })
    expect((await storage.listBuckets()).data?.some((one) => one.id === id)).toBe(true)
    const large = await storage
      .from(id)
      .upload('large', Buffer.alloc(11), { contentType: 'text/plain' })
    expect(large.error).toMatchObject({ statusCode: '413' })
    const type = await storage.from(id).upload('t', Buffer.from('x'), { contentType: 'image/png' })
    expect(type.error).toMatchObject({ statusCode: '415' })
    expect((await storage.deleteBucket(id)).error).toBeNull()
    expect((await alice.client.storage.createBucket(id)).error).not.toBeNull()
  })
})
