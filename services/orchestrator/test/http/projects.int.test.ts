import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { call } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

describe('a project', () => {
  it('is created from a template, and shown in the list of its owner', async () => {
    const made = await call(stack, 'POST /api/projects', {
      as: stack.ann,
      body: { name: 'First', template: 'node' },
    })
    expect(made).toMatchObject({ status: 201, body: { name: 'First', template: 'node' } })
    const list = await call(stack, 'GET /api/projects', { as: stack.ann })
    expect(list.body).toMatchObject({ items: [{ name: 'First', revision: 1 }], nextCursor: null })
  })
})
