import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const ann = (line: string, body?: unknown) =>
  call(stack, line, { as: stack.ann, ...(body === undefined ? {} : { body }) })
const create = async (name: string) => (await ann('POST /api/projects', { name })).body

describe('a deleted project', () => {
  const gone = async (name: string) => {
    const { id } = await create(name)
    const answer = await ann(`DELETE /api/projects/${id}`)
    expect(answer.status).toBe(200)
    return { id, purgeAt: Date.parse(answer.body.purgeAt) }
  }

  it('is gone everywhere but in the list of the deleted', async () => {
    const { id, purgeAt } = await gone('to delete')
    expect(purgeAt).toBeGreaterThan(Date.now())
    expect(codeOf(await ann(`GET /api/projects/${id}`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`PATCH /api/projects/${id}`, { name: 'x' }))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`GET /api/projects/${id}/versions`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`GET /api/projects/${id}/download`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`DELETE /api/projects/${id}`))).toBe('PROJECT_NOT_FOUND')
    const idsOf = async (query: string) =>
      (await ann(`GET /api/projects${query}`)).body.items.map((item: { id: string }) => item.id)
    expect(await idsOf('')).not.toContain(id)
    expect(await idsOf('?deleted=only')).toContain(id)
    expect(stack.announced).toContain(`removed ${id}`)
  })

  it('comes back as it was', async () => {
    const { id } = await gone('to bring back')
    const back = await ann(`POST /api/projects/${id}/undelete`)
    expect(back).toMatchObject({ status: 200, body: { id, deletedAt: null } })
    expect((await ann(`GET /api/projects/${id}/download`)).status).toBe(200)
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('PROJECT_NOT_FOUND')
  })

  it('does not come back while another has its name', async () => {
    const { id } = await gone('reused')
    await create('reused')
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('NAME_TAKEN')
  })

  it('does not come back after its time', async () => {
    const { id } = await gone('too late')
    await stack.supabase.sql(
      `update public.projects set deleted_at = now() - interval '2 hours' where id = $1`,
      [id],
    )
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('PROJECT_NOT_FOUND')
  })

  it('cannot be while it runs', async () => {
    const { id } = await create('running')
    await stack.supabase.sql(`select public.session_request($1, $2, $3, 9, 99999, 1000)`, [
      crypto.randomUUID(),
      id,
      stack.ann.id,
    ])
    expect(codeOf(await ann(`DELETE /api/projects/${id}`))).toBe('SESSION_LIVE')
    expect((await ann(`GET /api/projects/${id}`)).body.deletedAt).toBeNull()
  })
})
