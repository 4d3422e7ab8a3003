import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp({ isFaulty: true })
}, 60_000)
afterAll(() => stack?.stop())

async function fault(rule: object): Promise<void> {
  const answer = await fetch(`${stack.supabase.url}/__faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  })
  expect(answer.ok).toBe(true)
}

const endFaults = () => fetch(`${stack.supabase.url}/__faults`, { method: 'DELETE' })

const create = (name: string) =>
  call(stack, 'POST /api/projects', { as: stack.ann, body: { name } })
const objects = () => stack.supabase.sql<{ name: string }>('select name from storage.objects')
const heads = () =>
  stack.supabase.sql<{ name: string }>('select head_path as name from public.projects')

describe('creating a project', () => {
  it('fails cleanly when the file store refuses, and works the next time', async () => {
    await fault({ match: 'PUT /storage/v1/object/upload/sign', status: 503 })
    const refused = await create('storage')
    expect(codeOf(refused)).toBe('STORAGE_DOWN')
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await objects()).toEqual([])
    expect((await create('storage')).status).toBe(201)
  })

  it('takes an upload back whose answer was lost', async () => {
    const before = await objects()
    await fault({ match: 'PUT /storage/v1/object/upload/sign', isAnswerLost: true })
    expect(codeOf(await create('lost upload'))).toBe('STORAGE_DOWN')
    expect(await objects()).toEqual(before)
  })

  it('keeps the files of a project whose insert was done but not answered', async () => {
    await fault({ match: 'POST /rest/v1/rpc/project_create', isAnswerLost: true })
    const answer = await create('lost answer')
    expect(answer).toMatchObject({ status: 201, body: { name: 'lost answer' } })
    const { body } = await call(stack, `GET /api/projects/${answer.body.id}/download`, {
      as: stack.ann,
    })
    expect((await fetch(body.url)).status).toBe(200)
  })

  it('says the database is away, and leaves every head with its object', async () => {
    await fault({ match: 'POST /rest/v1/rpc/project_create', status: 503 })
    await fault({ match: 'POST /rest/v1/rpc/project_page', status: 503 })
    expect(codeOf(await create('no database'))).toBe('STORE_DOWN')
    const stored = new Set((await objects()).map(({ name }) => name))
    for (const { name } of await heads()) expect(stored).toContain(name)
  })
})

describe('while the database is away', () => {
  it('a list is refused as passing, with nothing of the inside in the answer', async () => {
    await fault({ match: 'POST /rest/v1/rpc/project_page', status: 500 })
    const answer = await call(stack, 'GET /api/projects', { as: stack.ann })
    expect(codeOf(answer)).toBe('STORE_DOWN')
    expect(JSON.stringify(answer.body)).not.toMatch(/rpc|supabase|postgres|127\.0\.0\.1/i)
  })

  it('tokens are still checked, with the keys that are known', async () => {
    await fault({ match: '* /auth/v1', status: 503, times: 5 })
    expect((await call(stack, 'GET /api/projects', { as: stack.ann })).status).toBe(200)
    await endFaults()
  })

  it('what administrators may is closed as passing while nobody can say who is one', async () => {
    await fault({ match: 'GET /auth/v1/admin/users', status: 503, times: 5 })
    const answer = await call(stack, 'GET /api/admin/hosts', { as: stack.root })
    expect(codeOf(answer)).toBe('AUTH_DOWN')
    await endFaults()
    const isOpen = async () =>
      (await call(stack, 'GET /api/admin/hosts', { as: stack.root })).status === 200
    await until(isOpen, { what: 'the route is open again' })
  })
})

describe('a bug', () => {
  it('is told by its trace only, and logged with its cause', async () => {
    stack.sessions.counts = async () => {
      throw new Error('secret detail of the inside')
    }
    const answer = await call(stack, 'GET /api/admin/stats', { as: stack.root })
    expect(codeOf(answer)).toBe('INTERNAL')
    expect(JSON.stringify(answer.body)).not.toContain('secret')
    const lines = stack.logLines.map((line) => JSON.parse(line))
    const line = lines.find(({ msg }) => msg === 'request failed by a bug')
    expect(line).toMatchObject({ level: 50, traceId: answer.body.traceId })
    expect(JSON.stringify(line)).toContain('secret detail of the inside')
  })

  it('is also an answer that is not as the contract says', async () => {
    stack.sessions.counts = async () => ({ ready: -1 })
    const answer = await call(stack, 'GET /api/admin/stats', { as: stack.root })
    expect(codeOf(answer)).toBe('INTERNAL')
  })
})
