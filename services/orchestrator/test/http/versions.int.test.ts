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

describe('versions', () => {
  const addVersion = (id: string, seq: number, status: string) =>
    stack.supabase.sql(
      `insert into public.archives (project_id, user_id, epoch, seq, path, sha256, bytes, format,
         status, committed_at, entries)
       values ($1, $2, 2, $3::bigint, $4, $5, 7, 'zip', $6, now() + $3::bigint * interval '1 s', 3)`,
      [id, stack.ann.id, seq, `${stack.ann.id}/${id}/2-${seq}`, 'a'.repeat(64), status],
    )

  it('are those made final, newest first', async () => {
    const { id } = await create('with versions')
    await addVersion(id, 1, 'earlier')
    await addVersion(id, 2, 'recovery')
    await addVersion(id, 3, 'pending')
    const { body } = await ann(`GET /api/projects/${id}/versions`)
    const kinds = body.items.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toEqual(['recovery', 'earlier', 'head'])
  })

  it('can be made the head again, which the view then shows', async () => {
    const { id } = await create('to restore')
    await addVersion(id, 1, 'recovery')
    const [recovery] = (await ann(`GET /api/projects/${id}/versions`)).body.items
    const restored = await ann(`POST /api/projects/${id}/versions/${recovery.id}/restore`)
    expect(restored).toMatchObject({ status: 200, body: { head: { bytes: 7, entries: 3 } } })
    const kinds = (await ann(`GET /api/projects/${id}/versions`)).body.items
    expect(kinds.map(({ kind }: { kind: string }) => kind)).toEqual(['head', 'earlier'])
  })

  it.each([
    ['restored', 'POST', 'restore'],
    ['downloaded', 'GET', 'download'],
  ])(
    'of another project, of another person, or of none, cannot be %s',
    async (done, method, verb) => {
      const [one, other] = [await create(`one not ${done}`), await create(`other not ${done}`)]
      const [foreign] = (await ann(`GET /api/projects/${other.id}/versions`)).body.items
      for (const version of [foreign.id, crypto.randomUUID()]) {
        const answer = await ann(`${method} /api/projects/${one.id}/versions/${version}/${verb}`)
        expect(codeOf(answer)).toBe('VERSION_NOT_FOUND')
      }
      const line = `${method} /api/projects/${other.id}/versions/${foreign.id}/${verb}`
      expect(codeOf(await call(stack, line, { as: stack.ben }))).toBe('PROJECT_NOT_FOUND')
    },
  )

  it('can each be downloaded, under a name that says when it was saved', async () => {
    const { id } = await create('to download')
    await addVersion(id, 1, 'recovery')
    await addVersion(id, 2, 'pending')
    const { items } = (await ann(`GET /api/projects/${id}/versions`)).body
    const head = items.find(({ kind }: { kind: string }) => kind === 'head')
    const { status, body } = await ann(`GET /api/projects/${id}/versions/${head.id}/download`)
    expect({ status, body }).toMatchObject({ status: 200, body: { expiresInMs: 300_000 } })
    const file = await fetch(body.url)
    const bytes = Buffer.from(await file.arrayBuffer())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    const named = file.headers.get('content-disposition')
    expect(named).toMatch(/to-download-\d{12}\.zip/)
  })

  it('are not there to download where nothing was ever saved', async () => {
    const id = crypto.randomUUID()
    await stack.supabase.sql(
      `insert into public.projects (id, user_id, name, slug, template_type)
       values ($1, $2, 'empty', 'empty-one', 'blank')`,
      [id, stack.ann.id],
    )
    expect(codeOf(await ann(`GET /api/projects/${id}/download`))).toBe('VERSION_NOT_FOUND')
  })
})
