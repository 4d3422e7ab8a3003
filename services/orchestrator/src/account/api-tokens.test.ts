import { describe, expect, it } from '@jest/globals'
import { userId, visitorId } from '@vessel/proto/ids'
import type { Principal } from '../ports.ts'
import { createApiTokens } from './api-tokens.ts'
import { newSecret } from './secret.ts'

const owner: Principal = {
  userId: userId.parse('0b8a6c1e-5f0d-4a2c-9a53-9d2f0a5b7c11'),
  name: 'ada',
  isAdmin: false,
  isScript: true,
  loginId: null,
  visitor: visitorId.parse('5c1d3f0e-2b7a-4e19-8f64-1d2e3f405162'),
  expiresAtMs: 10_000,
}

function setUp(ownerOf: (digest: string) => Promise<Principal | null>) {
  const clock = { nowMs: 0, now: () => clock.nowMs }
  const asked: string[] = []
  const tokens = createApiTokens({
    logins: { verify: async () => ({ ...owner, isScript: false }) },
    store: {
      ownerOf: (digest) => {
        asked.push(digest)
        return ownerOf(digest)
      },
    },
    clock,
  })
  return { tokens, clock, asked }
}

describe('tokens of scripts', () => {
  it('are asked for once in a while, not with every request', async () => {
    const { tokens, clock, asked } = setUp(async () => owner)
    const secret = newSecret()
    for (let count = 0; count < 5; count += 1) await tokens.verify(secret)
    expect(asked).toHaveLength(1)
    clock.nowMs = 2_000
    await tokens.verify(secret)
    expect(asked).toHaveLength(2)
    expect(asked.join()).not.toContain(secret)
  })

  it('are asked for again after a fault of the database', async () => {
    let isDown = true
    const { tokens } = setUp(async () => {
      if (isDown) throw new Error('down')
      return owner
    })
    const secret = newSecret()
    await expect(tokens.verify(secret)).rejects.toThrow('down')
    isDown = false
    expect(await tokens.verify(secret)).toBe(owner)
  })

  it('that are made up by the hundred do not fill the memory with waiting', async () => {
    const { tokens, asked } = setUp(() => new Promise(() => undefined))
    const refused: unknown[] = []
    for (let count = 0; count < 200; count += 1) {
      tokens.verify(newSecret()).catch((error: unknown) => refused.push(error))
    }
    await new Promise(setImmediate)
    expect(asked).toHaveLength(8)
    expect(refused).toHaveLength(200 - 8 - 64)
    expect(refused[0]).toMatchObject({ code: 'OVERLOADED' })
  })

  it('leave a login to who knows logins', async () => {
    const { tokens, asked } = setUp(async () => null)
    expect((await tokens.verify('a.b.c')).isScript).toBe(false)
    expect(asked).toEqual([])
  })
})
