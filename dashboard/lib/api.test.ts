import { describe, expect, it, jest } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { sampleProject } from '../test/sample-views.ts'
import { createApi } from './api.ts'
import { NetworkError } from './network-error.ts'

type Fetch = typeof fetch

function answering(...replies: (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = []
  const fake: Fetch = async (input, init = {}) => {
    calls.push({ url: String(input), init })
    const next = replies.shift()
    if (next instanceof Error) throw next
    return next ?? new Response(null, { status: 500 })
  }
  const onExpired = jest.fn(async () => true)
  const api = createApi({
    baseUrl: 'http://api.test',
    getToken: async () => 'token-1',
    onExpired,
    fetch: fake,
  })
  return { api, calls, onExpired }
}

const problem = (status: number, code: string): Response =>
  Response.json({ type: 'about:blank', title: 'x', status, code }, { status })

describe('the client of the API', () => {
  it('fills the path, sends the token and no cookie', async () => {
    const { api, calls } = answering(Response.json(sampleProject()))
    await api('getProject', { params: { id: 'a/b' } })
    expect(calls[0]?.url).toBe('http://api.test/api/projects/a%2Fb')
    expect(calls[0]?.init.headers).toMatchObject({ authorization: 'Bearer token-1' })
    expect(calls[0]?.init.credentials).toBe('omit')
  })

  it('leaves out what a query does not say', async () => {
    const { api, calls } = answering(Response.json({ items: [], nextCursor: null }))
    await api('listProjects', { query: { limit: 200, search: undefined } })
    expect(calls[0]?.url).toBe('http://api.test/api/projects?limit=200')
  })

  it('turns a problem document into its code', async () => {
    const { api } = answering(problem(409, 'NAME_TAKEN'))
    const call = api('createProject', { body: { name: 'a' } })
    await expect(call).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  })

  it('refuses a reply that is not what the contract says', async () => {
    const { api } = answering(Response.json({ items: 'none' }))
    await expect(api('listProjects')).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('takes the page of a proxy for a busy server', async () => {
    const { api } = answering(new Response('<html>', { status: 502 }))
    await expect(api('listProjects')).rejects.toMatchObject({ code: 'OVERLOADED' })
  })

  it('tells a server that was not reached from one that refused', async () => {
    const { api } = answering(new TypeError('fetch failed'))
    await expect(api('listProjects')).rejects.toBeInstanceOf(NetworkError)
  })

  it('calls once more after the login was renewed', async () => {
    const { api, onExpired, calls } = answering(
      problem(401, 'TOKEN_EXPIRED'),
      Response.json({ items: [], nextCursor: null }),
    )
    await expect(api('listProjects')).resolves.toEqual({ items: [], nextCursor: null })
    expect(onExpired).toHaveBeenCalledTimes(1)
    expect(calls).toHaveLength(2)
  })

  it('gives up when the renewed login is refused too', async () => {
    const { api, onExpired } = answering(
      problem(401, 'TOKEN_EXPIRED'),
      problem(401, 'TOKEN_EXPIRED'),
    )
    await expect(api('listProjects')).rejects.toBeInstanceOf(VesselError)
    expect(onExpired).toHaveBeenCalledTimes(1)
  })

  it('sends the key of a request that may be sent twice', async () => {
    const { api, calls } = answering(Response.json(sampleProject(), { status: 201 }))
    await api('createProject', { body: { name: 'a' }, key: 'k-1' })
    expect(calls[0]?.init.headers).toMatchObject({ 'idempotency-key': 'k-1' })
  })

  it('uploads a file as it is', async () => {
    const { api, calls } = answering(Response.json(sampleProject(), { status: 201 }))
    const body = new Blob(['zip'])
    await api('importProject', { query: { name: 'mine' }, body })
    expect(calls[0]?.init.body).toBe(body)
    expect(calls[0]?.init.headers).toMatchObject({ 'content-type': 'application/zip' })
  })
})
