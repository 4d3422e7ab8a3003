import { describe, expect, it } from '@jest/globals'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'
import { tick } from './tick.ts'

const LIMITS = { authWithinMs: 10_000, heartbeatMs: 25_000, deadAfterMs: 60_000 }

/** A hub with connections that were opened at zero, and what was done to them. */
function hubOf(
  count: number,
  nowMs: number,
  viewer: { expiresAtMs: number; loginId?: string } | null,
) {
  const done: string[] = []
  const connections = new Set<Connection>()
  for (let index = 0; index < count; index += 1) {
    const times = { openedAtMs: 0, lastSeenMs: 0, lastPingMs: 0 }
    const connection = {
      ...{ viewer, ...times },
      close(reason: string) {
        done.push(reason)
        connections.delete(this as unknown as Connection)
      },
      ping: () => done.push('ping'),
    }
    connections.add(connection as unknown as Connection)
  }
  const ctx = {
    ...{ connections, limits: { ...LIMITS, closesAtOnceMax: 50 } },
    clock: { now: () => nowMs },
    limiter: { sweep: () => undefined },
    domain: { hasEnded: ({ loginId }: { loginId?: string }) => loginId === 'ended' },
  }
  return { ctx: ctx as unknown as HubContext, done, connections }
}

describe('the look over all connections', () => {
  it('closes a flood of silent ones a few at a time, until none is left', () => {
    const { ctx, done, connections } = hubOf(120, 10_000, null)
    expect([tick(ctx), connections.size]).toEqual([true, 70])
    expect([tick(ctx), connections.size]).toEqual([true, 20])
    expect([tick(ctx), connections.size]).toEqual([false, 0])
    expect(new Set(done)).toEqual(new Set(['unauthenticated']))
  })

  it('leaves those alone who still have time to say who they are', () => {
    const { ctx, done } = hubOf(2, 9_999, null)
    expect([tick(ctx), done]).toEqual([false, []])
  })

  it.each([
    ['pings who was quiet for a while', { nowMs: 25_000, expiresAtMs: 1e9, done: 'ping' }],
    ['gives up who answered nothing for long', { nowMs: 60_000, expiresAtMs: 1e9, done: 'dead' }],
    ['ends a login that has run out', { nowMs: 30_000, expiresAtMs: 30_000, done: 'expired' }],
  ])('%s', (_, { nowMs, expiresAtMs, done: expected }) => {
    const { ctx, done } = hubOf(1, nowMs, { expiresAtMs })
    tick(ctx)
    expect(done).toEqual([expected])
  })

  it('ends those whose login was ended, for good', () => {
    const { ctx, done } = hubOf(1, 30_000, { expiresAtMs: 1e9, loginId: 'ended' })
    tick(ctx)
    expect(done).toEqual(['revoked'])
  })
})
