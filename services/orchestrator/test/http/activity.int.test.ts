import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { call } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const ann = (line: string, body?: unknown, headers: Record<string, string> = {}) =>
  call(stack, line, { as: stack.ann, headers, ...(body === undefined ? {} : { body }) })

describe('the activity of a project', () => {
  it('tells its owner what happened, newest first, page by page', async () => {
    const { id } = (await ann('POST /api/projects', { name: 'told' })).body
    for (const name of ['told twice', 'told thrice'])
      await ann(`PATCH /api/projects/${id}`, { name })

    const first = await ann(`GET /api/projects/${id}/activity?limit=2`)
    const actions = (answer: typeof first) =>
      answer.body.items.map((item: { action: string }) => item.action)
    expect(actions(first)).toEqual(['project.renamed', 'project.renamed'])
    expect(first.body.items[0].details.name).toBe('told thrice')
    const rest = await ann(`GET /api/projects/${id}/activity?before=${first.body.nextBefore}`)
    expect(actions(rest)).toEqual(['project.created'])
    expect(rest.body.nextBefore).toBeNull()
  })

  it('is nobody else’s', async () => {
    const { id } = (await ann('POST /api/projects', { name: 'mine' })).body
    const answer = await call(stack, `GET /api/projects/${id}/activity`, { as: stack.ben })
    expect(answer.status).toBe(404)
  })
})

describe('an answer that is asked for again', () => {
  it('is not sent while it is the same, and is when it changed', async () => {
    const first = await ann('GET /api/projects')
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/)
    const again = await ann('GET /api/projects', undefined, { 'if-none-match': tag })
    expect(again.status).toBe(304)
    await ann('POST /api/projects', { name: 'something new' })
    const changed = await ann('GET /api/projects', undefined, { 'if-none-match': tag })
    expect(changed.status).toBe(200)
  })
})
