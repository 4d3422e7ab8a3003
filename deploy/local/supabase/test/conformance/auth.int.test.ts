import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { openTarget, type Target } from './target.ts'

let target: Target
beforeAll(async () => {
  target = await openTarget()
}, 60_000)
afterAll(() => target?.stop())

describe('sign-up and sign-in', () => {
  it('signs a new user up with metadata, in any case of the address, and only once', async () => {
    const email = `New-${randomUUID()}@Vessel.example`
    const password = `pw-${randomUUID()}`
    const client = target.anon()
    const up = await client.auth.signUp({ email, password, options: { data: { name: 'Ada' } } })
    expect(up.error).toBeNull()
    expect(up.data.user).toMatchObject({
      email: email.toLowerCase(),
      user_metadata: { name: 'Ada' },
    })
    const again = await target.anon().auth.signUp({ email: email.toUpperCase(), password })
    if (again.error !== null) expect(again.error.code).toBe('user_already_exists')
    else expect(again.data.user?.identities).toEqual([])
    await target.admin().auth.admin.deleteUser(up.data.user?.id ?? '')
  })

  it('refuses a weak password with its reasons', async () => {
    const { error } = await target
      .anon()
      .auth.signUp({ email: `weak-${randomUUID()}@vessel.example`, password: '123' })
    expect(error?.code).toBe('weak_password')
    expect(error).toMatchObject({ status: 422, reasons: expect.arrayContaining(['length']) })
  })

  it('refuses a wrong password and an unknown address in the same words', async () => {
    const { email } = await target.user()
    const wrong = await target.anon().auth.signInWithPassword({ email, password: 'wrong-one' })
    const unknown = await target
      .anon()
      .auth.signInWithPassword({ email: `no-${randomUUID()}@vessel.example`, password: 'wrong' })
    expect(wrong.error).toMatchObject({ code: 'invalid_credentials', status: 400 })
    expect(unknown.error?.message).toBe(wrong.error?.message)
  })

  it('gives an access token that verifies locally with the published key', async () => {
    const user = await target.user()
    const { data } = await user.client.auth.getSession()
    const token = data.session?.access_token ?? ''
    const keys = createRemoteJWKSet(new URL(`${target.url}/auth/v1/.well-known/jwks.json`))
    const { payload } = await jwtVerify(token, keys, { audience: 'authenticated' })
    expect(payload).toMatchObject({
      sub: user.id,
      role: 'authenticated',
      email: user.email,
      app_metadata: { provider: 'email' },
      session_id: expect.any(String),
      iss: `${target.url}/auth/v1`,
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(data.session?.expires_in)
  })
})

describe('sessions', () => {
  it('rotates the refresh token and ends the session when an old one comes back', async () => {
    const user = await target.user()
    const first = (await user.client.auth.getSession()).data.session?.refresh_token ?? ''
    const refresh = (token: string) => target.anon().auth.refreshSession({ refresh_token: token })
    const second = (await refresh(first)).data.session?.refresh_token ?? ''
    expect(second).not.toBe(first)
    // A lost answer: the same question gets the same answer, as long as it is the last one.
    expect((await refresh(first)).data.session?.refresh_token).toBe(second)
    const unknown = await refresh('no-such-token')
    expect(unknown.error).toMatchObject({ code: 'refresh_token_not_found', status: 400 })
  })

  it('signs out one session, the others, or all of them', async () => {
    const user = await target.user()
    const other = target.anon()
    await other.auth.signInWithPassword({ email: user.email, password: user.password })
    await user.client.auth.signOut({ scope: 'others' })
    expect((await other.auth.refreshSession()).error).not.toBeNull()
    expect((await user.client.auth.getUser()).error).toBeNull()
    const session = (await user.client.auth.getSession()).data.session
    await user.client.auth.signOut({ scope: 'global' })
    const after = await target
      .anon()
      .auth.refreshSession({ refresh_token: session?.refresh_token ?? '' })
    expect(after.error?.code).toBe('refresh_token_not_found')
    const known = await target.anon().auth.getUser(session?.access_token ?? '')
    expect(known.error).not.toBeNull()
  })
})

describe('the own account', () => {
  it('changes metadata and password, and the old password no longer works', async () => {
    const user = await target.user()
    const changed = await user.client.auth.updateUser({
      password: `${user.password}-2`,
      data: { theme: 'dark' },
    })
    expect(changed.data.user?.user_metadata.theme).toBe('dark')
    const old = await target
      .anon()
      .auth.signInWithPassword({ email: user.email, password: user.password })
    expect(old.error?.code).toBe('invalid_credentials')
    const same = await user.client.auth.updateUser({ password: `${user.password}-2` })
    expect(same.error?.code).toBe('same_password')
  })

  it('cannot raise itself through its metadata', async () => {
    const user = await target.user()
    await user.client.auth.updateUser({ data: { role: 'service_role', is_admin: true } })
    const { data } = await user.client.auth.refreshSession()
    expect(data.user?.app_metadata).not.toHaveProperty('is_admin')
    expect(data.user?.role).toBe('authenticated')
  })

  it('accepts a request for a recovery link for any address alike', async () => {
    const { error } = await target
      .anon()
      .auth.resetPasswordForEmail(`nobody-${randomUUID()}@vessel.example`)
    expect(error).toBeNull()
  })
})

describe('the admin API', () => {
  it('creates, lists, reads, changes and deletes users with roles', async () => {
    const { admin } = target.admin().auth
    const email = `admin-${randomUUID()}@vessel.example`
    const created = await admin.createUser({
      ...{ email, password: `pw-${randomUUID()}`, email_confirm: true },
      app_metadata: { role: 'admin' },
    })
    const id = created.data.user?.id ?? ''
    expect(created.data.user?.app_metadata.role).toBe('admin')
    expect((await admin.createUser({ email })).error).toMatchObject({ status: 422 })

    const listed = await admin.listUsers({ perPage: 1000 })
    expect(listed.data.users.some((user) => user.id === id)).toBe(true)
    const changed = await admin.updateUserById(id, { app_metadata: { role: 'operator' } })
    expect(changed.data.user?.app_metadata).toMatchObject({ role: 'operator', provider: 'email' })
    expect((await admin.getUserById(id)).data.user?.email).toBe(email)
    expect((await admin.deleteUser(id)).error).toBeNull()
    expect((await admin.getUserById(id)).error).toMatchObject({ status: 404 })
  })

  it('ends the logins of who is given a new password', async () => {
    const user = await target.user()
    const { data } = await user.client.auth.getUser()
    const changed = await target
      .admin()
      .auth.admin.updateUserById(data.user?.id ?? '', { password: `pw-${randomUUID()}` })
    expect(changed.error).toBeNull()
    expect((await user.client.auth.refreshSession()).error?.code).toBe('refresh_token_not_found')
  })

  it('is closed to everyone else', async () => {
    const user = await target.user()
    const asUser = await user.client.auth.getSession()
    for (const token of [target.anonKey, asUser.data.session?.access_token ?? '']) {
      const response = await fetch(`${target.url}/auth/v1/admin/users`, {
        headers: { apikey: target.anonKey, authorization: `Bearer ${token}` },
      })
      expect([401, 403]).toContain(response.status)
    }
  })
})
