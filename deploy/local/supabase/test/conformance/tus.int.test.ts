import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as tus from 'tus-js-client'
import { openTarget, type Target, type TestUser } from './target.ts'

const BUCKET = 'user-projects'
/** Supabase takes parts of exactly this size, all but the last. */
const PART_BYTES = 6 * 1024 * 1024

let target: Target
let owner: TestUser
const made: string[] = []
beforeAll(async () => {
  target = await openTarget()
  owner = await target.user()
}, 60_000)
afterAll(async () => {
  if (made.length > 0) await target.admin().storage.from(BUCKET).remove(made)
  await target?.stop()
})

const bucket = () => target.admin().storage.from(BUCKET)

function newKey(): string {
  const key = `${owner.id}/${randomUUID()}/big.zip`
  made.push(key)
  return key
}

interface Way {
  readonly endpoint: string
  readonly headers: Record<string, string>
}

async function signedWay(key: string): Promise<Way> {
  const { data, error } = await bucket().createSignedUploadUrl(key)
  if (error !== null) throw error
  return {
    endpoint: `${target.url}/storage/v1/upload/resumable/sign`,
    headers: { 'x-signature': data.token },
  }
}

const bearerWay = (token: string): Way => ({
  endpoint: `${target.url}/storage/v1/upload/resumable`,
  headers: { authorization: `Bearer ${token}` },
})

function metadataOf(key: string): Record<string, string> {
  return { bucketName: BUCKET, objectName: key, contentType: 'application/zip' }
}

function encoded(metadata: Record<string, string>): string {
  const pairs = Object.entries(metadata)
  return pairs.map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}`).join(',')
}

interface TusAnswer {
  readonly status: number
  readonly offset: string | null
  readonly location: string
}

async function send(
  method: string,
  url: string,
  how: { way: Way; headers?: Record<string, string>; body?: Buffer },
): Promise<TusAnswer> {
  const init: RequestInit = {
    method,
    headers: { 'tus-resumable': '1.0.0', ...how.way.headers, ...how.headers },
  }
  if (how.body !== undefined) init.body = new Uint8Array(how.body)
  const response = await fetch(url, init)
  await response.body?.cancel()
  return {
    status: response.status,
    offset: response.headers.get('upload-offset'),
    location: response.headers.get('location') ?? '',
  }
}

function create(way: Way, key: string, length: number): Promise<TusAnswer> {
  const headers = {
    'upload-length': String(length),
    'upload-metadata': encoded(metadataOf(key)),
  }
  return send('POST', way.endpoint, { way, headers })
}

function patch(way: Way, url: string, part: { offset: number; body: Buffer }): Promise<TusAnswer> {
  const headers = {
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(part.offset),
  }
  return send('PATCH', url, { way, headers, body: part.body })
}

async function stored(key: string): Promise<Buffer> {
  const { data, error } = await bucket().download(key)
  if (error !== null) throw error
  return Buffer.from(await data.arrayBuffer())
}

describe('resumable uploads', () => {
  it('bring a body in parts through tus-js-client, by a signed URL', async () => {
    const key = newKey()
    const body = randomBytes(PART_BYTES * 2 + 12_345)
    const { endpoint, headers } = await signedWay(key)
    await new Promise<void>((resolve, reject) => {
      const upload = new tus.Upload(body, {
        endpoint,
        headers,
        chunkSize: PART_BYTES,
        metadata: metadataOf(key),
        uploadDataDuringCreation: true,
        retryDelays: [],
        onError: reject,
        onSuccess: () => resolve(),
      })
      upload.start()
    })
    expect((await stored(key)).equals(body)).toBe(true)
    expect((await bucket().info(key)).data).toMatchObject({
      size: body.length,
      contentType: 'application/zip',
    })
  })

  it('go on where they stopped and appear only when they are whole', async () => {
    const key = newKey()
    const way = bearerWay(target.serviceRoleKey)
    const body = randomBytes(PART_BYTES + 1_000)
    const { status, location } = await create(way, key, body.length)
    expect(status).toBe(201)
    const first = body.subarray(0, PART_BYTES)
    expect((await patch(way, location, { offset: 0, body: first })).status).toBe(204)
    const head = await send('HEAD', location, { way })
    expect([head.status, head.offset]).toEqual([200, String(PART_BYTES)])
    expect((await bucket().download(key)).error).not.toBeNull()
    const rest = { offset: PART_BYTES, body: body.subarray(PART_BYTES) }
    expect((await patch(way, location, rest)).status).toBe(204)
    expect((await stored(key)).equals(body)).toBe(true)
  })

  it('answer a part at the wrong place with 409 and stay as they are', async () => {
    const key = newKey()
    const way = await signedWay(key)
    const { location } = await create(way, key, 10)
    const wrong = await patch(way, location, { offset: 5, body: Buffer.from('01234') })
    expect(wrong.status).toBe(409)
    expect((await send('HEAD', location, { way })).offset).toBe('0')
  })

  it('are refused for a key that is taken, a foreign key, no signature, no metadata', async () => {
    const key = newKey()
    await bucket().upload(key, Buffer.from('there'))
    const admin = bearerWay(target.serviceRoleKey)
    expect((await create(admin, key, 10)).status).toBe(409)
    const way = await signedWay(newKey())
    expect((await create(way, newKey(), 10)).status).toBeGreaterThanOrEqual(400)
    const unsigned = { ...way, headers: {} }
    expect((await create(unsigned, newKey(), 10)).status).toBeGreaterThanOrEqual(400)
    const session = (await owner.client.auth.getSession()).data.session
    const person = await create(bearerWay(session?.access_token ?? ''), newKey(), 10)
    expect(person.status).toBe(403)
    const nameless = await send('POST', admin.endpoint, {
      ...{ way: admin, headers: { 'upload-length': '1' } },
    })
    expect(nameless.status).toBeGreaterThanOrEqual(400)
  })

  it('can be given up', async () => {
    const key = newKey()
    const way = await signedWay(key)
    const { location } = await create(way, key, 10)
    expect((await send('DELETE', location, { way })).status).toBe(204)
    expect((await send('HEAD', location, { way })).status).toBeGreaterThanOrEqual(404)
  })
})
