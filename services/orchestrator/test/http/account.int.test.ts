import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { API_TOKENS_MAX } from '@vessel/proto/http/account'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'
import { anotherLogin, makeUser, type TestUser } from './support/users.ts'

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const person = (name: string) => makeUser(stack.supabase, `${name}@example.com`)
const as = (who: TestUser, line: string, body?: unknown) =>
  call(stack, line, { as: who, ...(body === undefined ? {} : { body }) })
const withSecret = (secret: string, line: string, body?: unknown) =>
  call(stack, line, {
    headers: { authorization: `Bearer ${secret}` },
    ...(body === undefined ? {} : { body }),
  })
async function makeToken(who: TestUser, body: object = { name: 'ci' }) {
  const answer = await as(who, 'POST /api/account/tokens', body)
  expect(answer.status).toBe(201)
  return answer.body as { token: { id: string; hint: string }; secret: string }
}

describe('a token for scripts', () => {
  it('does what its owner may, and sees nothing of anyone else', async () => {
    const [ada, eve] = [await person('ada'), await person('eve')]
    const { secret } = await makeToken(ada)
    const { body: made } = await withSecret(secret, 'POST /api/projects', { name: 'by script' })
    expect((await as(ada, `GET /api/projects/${made.id}`)).body.name).toBe('by script')
    const { body: foreign } = await as(eve, 'POST /api/projects', { name: 'of eve' })
    expect(codeOf(await withSecret(secret, `GET /api/projects/${foreign.id}`))).toBe(
      'PROJECT_NOT_FOUND',
    )
  })

  it('makes no tokens, ends no logins and is no administrator', async () => {
    const { secret } = await makeToken(stack.root)
    for (const line of [
      'GET /api/account/tokens',
      'GET /api/account/logins',
      'GET /api/admin/hosts',
    ]) {
      expect(codeOf(await withSecret(secret, line))).toBe('FORBIDDEN')
    }
    const more = await withSecret(secret, 'POST /api/account/tokens', { name: 'more' })
    expect(codeOf(more)).toBe('FORBIDDEN')
  })

  it('is shown once and kept nowhere', async () => {
    const cara = await person('cara')
    const { token, secret } = await makeToken(cara)
    expect(secret).toMatch(/^vsl_[\w-]{43}$/)
    expect(secret.endsWith(token.hint)).toBe(true)
    const list = await as(cara, 'GET /api/account/tokens')
    expect(list.body.items).toEqual([token])
    expect(JSON.stringify(list.body)).not.toContain(secret)
    const rows = await stack.supabase.sql('select * from api_tokens')
    expect(JSON.stringify(rows)).not.toContain(secret)
    await withSecret(secret, 'GET /api/projects')
    expect(stack.logLines.join('')).not.toContain(secret)
  })

  it('says when it was used last', async () => {
    const dora = await person('dora')
    const { secret } = await makeToken(dora)
    const listed = async () => (await as(dora, 'GET /api/account/tokens')).body.items[0]
    expect((await listed()).lastUsedAt).toBeNull()
    await withSecret(secret, 'GET /api/projects')
    expect(Date.parse((await listed()).lastUsedAt)).toBeGreaterThan(0)
  })

  it('stops working when it is taken back, runs out, or its owner is shut out', async () => {
    const fay = await person('fay')
    const isRefused = async (secret: string) => (await withSecret(secret, 'GET /api/projects')).body
    const [first, second, third] = [
      await makeToken(fay),
      await makeToken(fay),
      await makeToken(fay),
    ]
    for (const { secret } of [first, second, third]) {
      expect((await withSecret(secret, 'GET /api/projects')).status).toBe(200)
    }
    expect((await as(fay, `DELETE /api/account/tokens/${first.token.id}`)).status).toBe(200)
    await stack.supabase.sql('update api_tokens set expires_at = now() where id = $1', [
      second.token.id,
    ])
    const is = (secret: string, code: string) => async () => (await isRefused(secret)).code === code
    await until(is(first.secret, 'UNAUTHENTICATED'), { what: 'the first is refused' })
    await until(is(second.secret, 'TOKEN_EXPIRED'), { what: 'the second is refused' })
    expect((await withSecret(third.secret, 'GET /api/projects')).status).toBe(200)
    await stack.supabase.sql(
      "update auth.users set banned_until = now() + interval '1 day' where id = $1",
      [fay.id],
    )
    await until(is(third.secret, 'UNAUTHENTICATED'), { what: 'the third is refused' })
  })

  it('is refused when it is made up', async () => {
    for (const secret of ['vsl_', 'vsl_short', `vsl_${'a'.repeat(43)}`]) {
      expect(codeOf(await withSecret(secret, 'GET /api/projects'))).toBe('UNAUTHENTICATED')
    }
  })

  it('is one of a few, also when many are asked for at once', async () => {
    const gail = await person('gail')
    const answers = await Promise.all(
      Array.from({ length: API_TOKENS_MAX + 5 }, () =>
        as(gail, 'POST /api/account/tokens', { name: 'one of many' }),
      ),
    )
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused.map(codeOf)).toEqual(Array(5).fill('LIMIT_TOKENS'))
  })

  it('is deleted by nobody else', async () => {
    const [hal, ivy] = [await person('hal'), await person('ivy')]
    const { token } = await makeToken(hal)
    const answer = await as(ivy, `DELETE /api/account/tokens/${token.id}`)
    expect(codeOf(answer)).toBe('TOKEN_NOT_FOUND')
    expect((await as(hal, 'GET /api/account/tokens')).body.items).toHaveLength(1)
  })
})

describe('the logins of a person', () => {
  it('are listed with this one marked, and none of anyone else', async () => {
    const jim = await person('jim')
    const { id: other } = await anotherLogin(stack.supabase, jim)
    const { items } = (await as(jim, 'GET /api/account/logins')).body
    expect(items).toHaveLength(2)
    expect(items.filter((login: { isCurrent: boolean }) => login.isCurrent)).toHaveLength(1)
    expect(items).toContainEqual(
      expect.objectContaining({ id: other, isCurrent: false, userAgent: expect.any(String) }),
    )
  })

  it('end one by one, and only their own', async () => {
    const [kim, leo] = [await person('kim'), await person('leo')]
    const { id: login } = await anotherLogin(stack.supabase, kim)
    expect(codeOf(await as(leo, `DELETE /api/account/logins/${login}`))).toBe('LOGIN_NOT_FOUND')
    expect((await as(kim, `DELETE /api/account/logins/${login}`)).status).toBe(200)
    expect(codeOf(await as(kim, `DELETE /api/account/logins/${login}`))).toBe('LOGIN_NOT_FOUND')
    const left = await stack.supabase.sql('select id from auth.sessions where user_id = $1', [
      kim.id,
    ])
    expect(left).toHaveLength(1)
    const refresh = await stack.supabase.sql(
      'select 1 from auth.refresh_tokens where session_id = $1',
      [login],
    )
    expect(refresh).toEqual([])
  })
})
