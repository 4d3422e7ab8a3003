import { describe, expect, it } from '@jest/globals'
import { type IdleTimes, idleState } from './idle-clock.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString()
const times = (idleStopAt: number, lastActivityAt = -3_600): IdleTimes => ({
  idleStopAt: inSeconds(idleStopAt) as never,
  lastActivityAt: inSeconds(lastActivityAt) as never,
})

describe('the idle clock', () => {
  it('says nothing until five minutes before the stop', () => {
    expect(idleState(times(301), NOW)).toEqual({ kind: 'calm' })
    expect(idleState(times(300), NOW)).toEqual({ kind: 'warning', remainingMs: 300_000 })
  })

  it('warns later where the whole idle time is short, not all the time', () => {
    // Stopped three minutes after the last activity, which was a minute ago.
    expect(idleState(times(120, -60), NOW)).toEqual({ kind: 'calm' })
    expect(idleState(times(60, -120), NOW)).toEqual({ kind: 'warning', remainingMs: 60_000 })
  })

  it('waits for the server once the time is up', () => {
    expect(idleState(times(0), NOW)).toEqual({ kind: 'due' })
  })

  it('never warns of a stop that is not planned', () => {
    expect(idleState({ idleStopAt: null, lastActivityAt: null }, NOW)).toEqual({ kind: 'calm' })
  })
})
