import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@supabase/supabase-js'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

const URL_OF_IT = 'https://git.example.com/ann/tool.git'
const TOKEN = 'a-secret-of-ann'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

let count = 0
const create = (git: object) =>
  call(stack, 'POST /api/projects', {
    as: stack.ann,
    body: { name: `repository ${++count}`, git },
  })

describe('a project from a repository', () => {
  it('says where it comes from, and has no files until it is opened', async () => {
    const { status, body } = await create({ url: URL_OF_IT, ref: 'v2' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ template: 'git', git: { url: URL_OF_IT, ref: 'v2' } })
    expect(body.head.entries).toBe(0)
  })

  it('tells its token to nobody: not the owner, not the database’s readers, not the log', async () => {
    const { body } = await create({ url: URL_OF_IT, token: TOKEN })
    const read = await call(stack, `GET /api/projects/${body.id}`, { as: stack.ann })
    const list = await call(stack, 'GET /api/projects', { as: stack.ann })
    const activity = await call(stack, `GET /api/projects/${body.id}/activity`, { as: stack.ann })
    expect(JSON.stringify([body, read.body, list.body, activity.body])).not.toContain(TOKEN)
    expect(stack.logLines.join('\n')).not.toContain(TOKEN)

    const direct = createClient(stack.supabase.url, stack.supabase.anonKey, {
      global: { headers: { authorization: `Bearer ${stack.ann.token}` } },
      auth: { persistSession: false },
    })
    expect((await direct.from('project_secrets').select('*')).data ?? []).toEqual([])
    const kept = await stack.supabase.sql('select git_token from public.project_secrets')
    expect(kept).toEqual([{ git_token: TOKEN }])
  })

  it.each([
    ['a path', { url: '/etc/passwd' }, 'git.url'],
    ['another protocol', { url: 'ssh://git@example.com/a.git' }, 'git.url'],
    ['a password in the address', { url: `https://ann:${TOKEN}@example.com/a.git` }, 'git.url'],
    ['a branch that looks like an option', { url: URL_OF_IT, ref: '--upload-pack=x' }, 'git.ref'],
    ['a token of two lines', { url: URL_OF_IT, token: 'a\nb' }, 'git.token'],
  ])('is refused with %s, naming the field and not its value', async (_, git, path) => {
    const answer = await create(git)
    expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION'])
    expect(answer.body.issues[0].path).toContain(path)
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN)
  })
})
