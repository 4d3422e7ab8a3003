import { describe, expect, it } from '@jest/globals'
import { userId } from '@vessel/proto/ids'
import { type EndedLogin, EndedLogins, refuseEnded } from './ended-logins.ts'

const LIFE_MS = 3_600_000
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }

function setUp() {
  const clock = { nowMs: 10 * LIFE_MS, now: () => clock.nowMs }
  const table = { ended: [] as { id: string; atMs: number }[], isDown: false }
  const asked: number[] = []
  const errors: string[] = []
  const endedWithin = async (ms: number, limit: number): Promise<EndedLogin[]> => {
    if (table.isDown) throw new Error('down')
    asked.push(ms)
    return table.ended
      .map(({ id, atMs }) => ({ id, agoMs: clock.nowMs - atMs }))
      .filter(({ agoMs }) => agoMs < ms)
      .slice(-limit)
  }
  const ended = new EndedLogins({
    store: { endedWithin },
    clock,
    tokenLifeMs: LIFE_MS,
    log: { ...log, error: (_facts, message) => void errors.push(message) },
  })
  const end = (id: string) => table.ended.push({ id, atMs: clock.nowMs })
  return { ended, clock, table, asked, errors, end }
}

describe('logins that were ended', () => {
  it('are known from the next look on, and to a new copy from its first', async () => {
    const { ended, end } = setUp()
    end('before')
    await ended.look()
    expect(ended.has('before')).toBe(true)
    end('now')
    expect(ended.has('now')).toBe(false)
    await ended.look()
    expect(ended.has('now')).toBe(true)
  })

  it('are forgotten when no token of them can be alive, and not before', async () => {
    const { ended, clock, end } = setUp()
    end('one')
    await ended.look()
    clock.nowMs += LIFE_MS
    await ended.look()
    expect(ended.has('one')).toBe(true)
    clock.nowMs += 60_000
    await ended.look()
    expect(ended.has('one')).toBe(false)
  })

  it('are read as far back as the last look that brought an answer', async () => {
    const { ended, clock, table, asked, end } = setUp()
    await ended.look()
    expect(asked).toEqual([LIFE_MS + 60_000])
    table.isDown = true
    clock.nowMs += 500_000
    await expect(ended.look()).rejects.toThrow('down')
    end('meanwhile')
    clock.nowMs += 500_000
    table.isDown = false
    await ended.look()
    expect(ended.has('meanwhile')).toBe(true)
    expect(asked.at(-1)).toBe(1_030_000)
  })

  it('are read also after the clock was set back', async () => {
    const { ended, clock, asked } = setUp()
    await ended.look()
    clock.nowMs -= 600_000
    await ended.look()
    expect(asked.at(-1)).toBe(30_000)
  })

  it('are held up to a number, the newest of them, and too many are told', async () => {
    const { ended, end, errors, clock } = setUp()
    const many = (name: string) => {
      for (let count = 0; count < 60_000; count += 1) end(`${name}${count}`)
    }
    many('old')
    await ended.look()
    clock.nowMs += 1_000
    many('new')
    await ended.look()
    expect([ended.has('old0'), ended.has('new0'), ended.has('new59999')]).toEqual([
      false,
      true,
      true,
    ])
    expect(errors).toHaveLength(1)
  })
})

describe('a token', () => {
  const principal = {
    userId: userId.parse('0b8a6c1e-5f0d-4a2c-9a53-9d2f0a5b7c11'),
    ...{ name: 'ada', isAdmin: false, isScript: false, expiresAtMs: 1e15 },
  }
  const verify = async (ended: EndedLogins, loginId: string | null) =>
    refuseEnded({ verify: async () => ({ ...principal, loginId, visitor: null }) }, ended).verify(
      'token',
    )

  it('of an ended login is refused, one of another is not', async () => {
    const { ended, end } = setUp()
    end('over')
    await ended.look()
    await expect(verify(ended, 'over')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await verify(ended, 'open')).toMatchObject({ name: 'ada' })
    expect(await verify(ended, null)).toMatchObject({ name: 'ada' })
  })

  it('is not believed by a copy that knows of no ended login yet', async () => {
    const { ended } = setUp()
    await expect(verify(ended, 'any')).rejects.toMatchObject({ code: 'AUTH_DOWN' })
  })
})
