import { describe, expect, it } from '@jest/globals'
import { idleState } from './idle-clock.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString()

describe('the idle clock', () => {
  it('says nothing until five minutes before the stop', () => {
    expect(idleState(inSeconds(301), NOW)).toEqual({ kind: 'calm' })
    expect(idleState(inSeconds(300), NOW)).toEqual({ kind: 'warning', remainingMs: 300_000 })
  })

  it('waits for the server once the time is up', () => {
    expect(idleState(inSeconds(0), NOW)).toEqual({ kind: 'due' })
  })

  it('never warns of a stop that is not planned', () => {
    expect(idleState(null, NOW)).toEqual({ kind: 'calm' })
  })
})
