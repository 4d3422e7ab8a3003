import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAccountStore } from '../../src/store/account.ts'
import { anotherLogin, makeUser, operator, type TestLogin } from '../http/support/users.ts'
import type { HostStandIn } from './support/host-stand-in.ts'
import { World } from './support/world.ts'

let world: World
let host: HostStandIn
beforeAll(async () => {
  world = await World.create()
  await world.core()
  host = await world.host('a1')
}, 60_000)
afterAll(() => world?.destroy())

const person = () => makeUser(world.supabase, `${randomUUID()}@example.com`)
async function endedOf(...visitors: string[]): Promise<string[]> {
  const reply = await host.ask('ended-visitors', { visitors })
  if (!reply.ok) throw new Error(reply.error.message)
  return (reply.value as { ended: string[] }).ended
}

describe('a host that asks whom it let in', () => {
  it.each<[string, (there: TestLogin, userId: string) => Promise<unknown>]>([
    ['signed out', ({ auth }) => auth.signOut({ scope: 'local' })],
    ['ended by a new password', (_, id) => admin().updateUserById(id, { password: randomUUID() })],
    ['of one who was shut out', (_, id) => admin().updateUserById(id, { ban_duration: '1h' })],
    ['of an account that is gone', (_, id) => admin().deleteUser(id)],
  ])('hears of a login that is over: %s', async (_name, end) => {
    const [ada, eve] = [await person(), await person()]
    const there = await anotherLogin(world.supabase, ada)
    const other = await anotherLogin(world.supabase, eve)
    expect(await endedOf(there.id, other.id)).toEqual([])
    await end(there, ada.id)
    expect(await endedOf(there.id, other.id)).toEqual([there.id])
  })

  it('hears of a token that is gone or has run out, and of one nobody ever made', async () => {
    const ada = await person()
    const [gone, old, good] = [await token(ada.id), await token(ada.id), await token(ada.id)]
    expect(await endedOf(gone, old, good)).toEqual([])
    await createAccountStore(world.db).deleteToken(ada.id, gone)
    await world.supabase.sql('update api_tokens set expires_at = now() where id = $1', [old])
    const never = randomUUID()
    expect((await endedOf(gone, old, good, never)).sort()).toEqual([gone, old, never].sort())
  })

  it('hears that a token is good again when its owner may log in again', async () => {
    const ada = await person()
    const script = await token(ada.id)
    await admin().updateUserById(ada.id, { ban_duration: '1h' })
    expect(await endedOf(script)).toEqual([script])
    await admin().updateUserById(ada.id, { ban_duration: 'none' })
    expect(await endedOf(script)).toEqual([])
  })
})

const admin = () => operator(world.supabase)

/** The visitor a script with a new token is. */
async function token(owner: Parameters<ReturnType<typeof createAccountStore>['addToken']>[0]) {
  const accounts = createAccountStore(world.db)
  const digest = randomUUID().replaceAll('-', '').padEnd(64, '0')
  const made = { name: 'ci', expiresInDays: 1, digest, hint: 'hint' }
  const { id } = await accounts.addToken(owner, made)
  expect((await accounts.ownerOf(digest))?.visitor).toBe(id)
  return id
}
