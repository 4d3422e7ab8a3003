import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'
import { makeZip } from './support/make-zip.ts'
import type { TestUser } from './support/users.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

interface Sent {
  readonly key?: string
  readonly as?: TestUser
}

function create(body: object, { key, as = stack.ann }: Sent) {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return call(stack, 'POST /api/projects', { as, body, headers })
}

function upload(name: string, zip: Uint8Array, { key, as = stack.ann }: Sent) {
  const type = { 'content-type': 'application/zip' }
  const headers = key === undefined ? type : { ...type, 'idempotency-key': key }
  return call(stack, `POST /api/import?name=${name}`, { as, body: zip, headers })
}

async function objectsOf(projectId: string): Promise<number> {
  const [row] = await stack.supabase.sql<{ count: number }>(
    'select count(*)::int as count from storage.objects where name like $1',
    [`%${projectId}%`],
  )
  return row?.count ?? 0
}

describe('a request to create a project that is sent again with its key', () => {
  it('gives the project of the first and makes no other', async () => {
    const wish = { name: 'sent twice', template: 'node' }
    const key = randomUUID()
    const first = await create(wish, { key })
    const second = await create(wish, { key })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.id).toBe(first.body.id)
  })

  it('is one project, whichever of many at once comes first, with its files', async () => {
    const wish = { name: 'sent at once' }
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(wish, { key })))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201))
    const ids = [...new Set(answers.map(({ body }) => body.id))]
    expect(ids).toHaveLength(1)
    expect(await objectsOf(ids[0])).toBe(1)
    const link = await call(stack, `GET /api/projects/${ids[0]}/download`, { as: stack.ann })
    expect((await fetch(link.body.url)).status).toBe(200)
  })

  it('is refused when it asks for something else', async () => {
    const key = randomUUID()
    await create({ name: 'the wish' }, { key })
    const other = await create({ name: 'another wish' }, { key })
    expect([other.status, codeOf(other)]).toEqual([409, 'KEY_REUSED'])
  })

  it('is another project for another user, and anew after the first was deleted', async () => {
    const key = randomUUID()
    const first = await create({ name: 'mine' }, { key })
    const bens = await create({ name: 'mine' }, { key, as: stack.ben })
    expect(bens.body.id).not.toBe(first.body.id)
    await call(stack, `DELETE /api/projects/${first.body.id}`, { as: stack.ann })
    const anew = await create({ name: 'mine' }, { key })
    expect(anew.status).toBe(201)
    expect(anew.body.id).not.toBe(first.body.id)
  })

  it('is an uploaded zip once', async () => {
    const zip = makeZip([{ name: 'a.txt', content: 'a' }])
    const key = randomUUID()
    const first = await upload('zipped', zip, { key })
    const second = await upload('zipped', zip, { key })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.id).toBe(first.body.id)
    const other = await upload('zipped', makeZip([{ name: 'b.txt', content: 'b' }]), { key })
    expect(codeOf(other)).toBe('KEY_REUSED')
  })

  it('without a key is a project each, of which the second has no name left', async () => {
    await create({ name: 'no key' }, {})
    expect(codeOf(await create({ name: 'no key' }, {}))).toBe('NAME_TAKEN')
  })

  it.each(['', 'with space', 'x'.repeat(201)])('is refused with the key "%s"', async (key) => {
    const answer = await create({ name: `key ${randomUUID()}` }, { key })
    expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION'])
  })
})
