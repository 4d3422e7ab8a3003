import { describe, expect, it } from '@jest/globals'
import { LEASE_GRACE_MS, LEASE_MS, LEASE_SELF_FENCE_MS } from '@vessel/proto/requests/renew-lease'
import { leaseAction } from './lease-action.ts'

describe('a lease', () => {
  const lease = { renewedMs: 0, isPaused: false, isHeld: true }

  it.each([
    ['is left alone while it is fresh', lease, LEASE_SELF_FENCE_MS - 1, 'none'],
    ['pauses the machine when it is old', lease, LEASE_SELF_FENCE_MS, 'pause'],
    ['pauses once', { ...lease, isPaused: true }, LEASE_SELF_FENCE_MS, 'none'],
    ['lets the machine go on when it is fresh again', { ...lease, isPaused: true }, 1, 'resume'],
    ['is given up when another host holds it', { ...lease, isHeld: false }, 0, 'surrender'],
  ])('%s', (...[, view, nowMs, action]) => {
    expect(leaseAction(view, nowMs)).toBe(action)
  })

  it('pauses before the orchestrator may start the project elsewhere', () => {
    const latestPauseMs = LEASE_SELF_FENCE_MS + 2_000
    expect(latestPauseMs).toBeLessThan(LEASE_MS + LEASE_GRACE_MS)
  })
})
