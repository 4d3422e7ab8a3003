import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { CLOSE_CODES } from '@vessel/proto/browser/close-codes'
import { Redis } from 'ioredis'
import { RawClient } from '../hub/support/raw-client.ts'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { anotherLogin, makeUser, operator, type TestLogin, type TestUser } from './support/users.ts'
import { startWhole, type Whole } from './support/whole.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let whole: Whole
let copies: string[]
beforeAll(async () => {
  whole = await startWhole()
  copies = [whole.url, await whole.addCopy()]
})
afterAll(() => whole?.stop())

const ask = (url: string, token: string) =>
  call({ url }, 'GET /api/projects', { headers: { authorization: `Bearer ${token}` } })
const isRefused = async (url: string, token: string) => {
  const answer = await ask(url, token)
  return answer.status === 401 && codeOf(answer) === 'UNAUTHENTICATED'
}
const pageOf = (url: string, token: string) =>
  new RawClient(`${url.replace('http', 'ws')}/ws`).login(token)

interface Case {
  /** This one stays as it is. */
  readonly ada: TestUser
  readonly here: TestLogin
  readonly there: TestLogin
}
type Deed = (parts: Case) => Promise<unknown>

const WITHIN_MS = 5_000

describe('a login that is over', () => {
  it.each<[string, Deed]>([
    [
      'ended from the account page',
      ({ here, there }) =>
        call(whole, `DELETE /api/account/logins/${there.id}`, {
          headers: { authorization: `Bearer ${here.token}` },
        }),
    ],
    ['signed out here', ({ there }) => there.auth.signOut({ scope: 'local' })],
    ['signed out from elsewhere', ({ here }) => here.auth.signOut({ scope: 'others' })],
    ['signed out everywhere', ({ here }) => here.auth.signOut({ scope: 'global' })],
    ['older than a new password', ({ here }) => here.auth.updateUser({ password: randomUUID() })],
    [
      'older than a password an operator gave',
      ({ ada }) => operator(whole.supabase).updateUserById(ada.id, { password: randomUUID() }),
    ],
    [
      'of somebody who was shut out',
      ({ ada }) => operator(whole.supabase).updateUserById(ada.id, { ban_duration: '1h' }),
    ],
    ['of an account that is gone', ({ ada }) => operator(whole.supabase).deleteUser(ada.id)],
  ])('is refused by every copy within seconds: %s', async (name, deed) => {
    const ada = await makeUser(whole.supabase, `${name.replaceAll(' ', '.')}@example.com`)
    const here = await anotherLogin(whole.supabase, ada)
    const there = await anotherLogin(whole.supabase, ada)
    const pages = await Promise.all(copies.map((url) => pageOf(url, there.token)))
    for (const url of copies) expect((await ask(url, there.token)).status).toBe(200)

    await deed({ ada, here, there })
    for (const url of copies) {
      const is = { what: `${url} refuses it`, withinMs: WITHIN_MS }
      await until(() => isRefused(url, there.token), is)
    }
    for (const page of pages) expect(await page.waitForClose()).toBe(CLOSE_CODES.revoked)
    // Nothing else knows of it, so nothing that is emptied or started anew forgets it.
    const redis = new Redis(whole.redisUrl)
    await redis.flushall()
    redis.disconnect()
    expect(await isRefused(whole.url, there.token)).toBe(true)
  })

  it('leaves the other logins of its owner alone', async () => {
    const ada = await makeUser(whole.supabase, 'two@example.com')
    const there = await anotherLogin(whole.supabase, ada)
    const page = await pageOf(whole.url, ada.token)
    await there.auth.signOut({ scope: 'local' })
    const is = { what: 'it is refused', withinMs: WITHIN_MS }
    await until(() => isRefused(whole.url, there.token), is)
    expect((await ask(whole.url, ada.token)).status).toBe(200)
    expect(page.closeCode).toBeNull()
    page.socket.close()
  })

  it('is refused from the first request by a copy that starts later', async () => {
    const ada = await makeUser(whole.supabase, 'later@example.com')
    const there = await anotherLogin(whole.supabase, ada)
    await there.auth.signOut({ scope: 'local' })
    expect(await isRefused(await whole.addCopy(), there.token)).toBe(true)
  })

  it('is kept for as long as Auth can give tokens for, and no longer', async () => {
    const { supabase } = whole
    await supabase.sql(
      "insert into ended_logins (id, ended_at) values ($1::text::uuid, now() - interval '9 days')",
      [randomUUID()],
    )
    const ada = await makeUser(supabase, 'rows@example.com')
    const there = await anotherLogin(supabase, ada)
    await there.auth.signOut({ scope: 'local' })
    const rows = await supabase.sql<{ id: string; is_old: boolean }>(
      "select id::text, ended_at < now() - interval '8 days' as is_old from ended_logins",
    )
    expect(rows).toContainEqual({ id: there.id, is_old: false })
    expect(rows.filter(({ is_old }) => is_old)).toEqual([])
  })
})
