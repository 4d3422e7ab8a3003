import { describe, expect, it } from '@jest/globals'
import type { UserId } from '@vessel/proto/ids'
import { type AdminsDeps, createAdmins } from './admins.ts'

const USER = 'c0a80101-0000-4000-8000-000000000001' as UserId

type Answer = { data: unknown; error: { status: number } | null }

function createFixture(first: Answer) {
  let answer = first
  let asked = 0
  let nowMs = 0
  const getUserById = async () => {
    asked += 1
    return answer
  }
  const admins = createAdmins({
    auth: { admin: { getUserById } } as unknown as AdminsDeps['auth'],
    clock: { now: () => nowMs, setTimer: () => null, clearTimer: () => undefined },
  })
  return {
    admins,
    asked: () => asked,
    answerWith: (next: Answer) => {
      answer = next
    },
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

const withRole = (role?: string): Answer => ({
  data: { user: { app_metadata: role ? { role } : {} } },
  error: null,
})

describe('whether someone is an administrator', () => {
  it('changes within a second of the role, whatever the token says', async () => {
    const { admins, answerWith, pass } = createFixture(withRole('admin'))
    expect(await admins.isAdmin(USER)).toBe(true)
    answerWith(withRole())
    pass(1_000)
    expect(await admins.isAdmin(USER)).toBe(false)
  })

  it('is asked once for the topics of one sweep', async () => {
    const { admins, asked } = createFixture(withRole('admin'))
    await Promise.all([admins.isAdmin(USER), admins.isAdmin(USER)])
    expect(asked()).toBe(1)
  })

  it('is no for who was deleted', async () => {
    const { admins } = createFixture({ data: { user: null }, error: { status: 404 } })
    expect(await admins.isAdmin(USER)).toBe(false)
  })

  it('cannot be told while the login service is away', async () => {
    const { admins } = createFixture({ data: { user: null }, error: { status: 503 } })
    await expect(admins.isAdmin(USER)).rejects.toMatchObject({ code: 'AUTH_DOWN' })
  })
})
