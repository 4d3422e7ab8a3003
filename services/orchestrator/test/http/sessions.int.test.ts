import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { call, codeOf } from './support/call.ts'
import { sessionViewWith } from './support/fake-sessions.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'
import { makeOwned } from './support/owned.ts'
import { anotherLogin } from './support/users.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const ann = (line: string, body?: unknown) =>
  call(stack, line, { as: stack.ann, ...(body === undefined ? {} : { body }) })
const create = async (name: string) => (await ann('POST /api/projects', { name })).body

describe('sessions over HTTP', () => {
  it('boot answers that it is on its way, then that it is up', async () => {
    const { id } = await create('to boot')
    stack.sessions.owners.set(id, stack.ann.id)
    const first = await ann('POST /api/boot', { projectId: id })
    expect(first).toMatchObject({ status: 202, body: { status: 'processing' } })
    expect(first.body.jobId).toBe(first.body.session.id)
    stack.sessions.put(stack.ann.id, sessionViewWith(id, 'ready'))
    const second = await ann('POST /api/boot', { projectId: id })
    expect(second).toMatchObject({ status: 200, body: { status: 'active' } })
    expect(second.body.url).toBe(second.body.session.url)
  })

  it.each([
    ['placing', 'processing'],
    ['ready', 'active'],
    ['saving', 'stopping'],
    ['stopped', 'inactive'],
    ['failed', 'failed'],
    ['lost', 'failed'],
  ] as const)('a session that is %s is shown as %s', async (state, status) => {
    const { id } = await create(`status ${state}`)
    stack.sessions.put(stack.ann.id, sessionViewWith(id, state))
    expect((await ann(`GET /api/status/${id}`)).body).toMatchObject({ status, session: { state } })
  })

  it('a project that was never opened is inactive', async () => {
    const { id } = await create('never opened')
    stack.sessions.owners.set(id, stack.ann.id)
    const { body } = await ann(`GET /api/status/${id}`)
    expect(body).toEqual({ status: 'inactive', session: null })
  })

  it('what is not live cannot be shut down or kept', async () => {
    const { id } = await create('not live')
    stack.sessions.put(stack.ann.id, sessionViewWith(id, 'stopped'))
    for (const path of ['shutdown', 'heartbeat']) {
      expect(codeOf(await ann(`POST /api/${path}`, { projectId: id }))).toBe('SESSION_NOT_LIVE')
    }
  })

  it('a ticket is made for the login that asks, or for the token of a script', async () => {
    const { session } = await makeOwned(stack, stack.ann, 'entered')
    const login = await anotherLogin(stack.supabase, stack.ann)
    const made = await ann('POST /api/account/tokens', { name: 'ci' })
    for (const token of [login.token, made.body.secret]) {
      const headers = { authorization: `Bearer ${token}` }
      const asked = await call(stack, `POST /api/sessions/${session}/ticket`, { headers, body: {} })
      expect(asked.status).toBe(200)
    }
    expect(stack.sessions.visitors.slice(-2)).toEqual([login.id, made.body.token.id])
  })

  it('a heartbeat keeps awake only when asked to', async () => {
    const { project } = await makeOwned(stack, stack.ann, 'heart')
    const beat = (more: object) => ann('POST /api/heartbeat', { projectId: project, ...more })
    await beat({})
    await beat({ source: 'keep-awake', keepAwakeMs: 600_000 })
    await beat({ source: 'keep-awake' })
    expect(stack.sessions.keptAwakeMs.slice(-3)).toEqual([undefined, 600_000, 3_600_000])
  })
})
