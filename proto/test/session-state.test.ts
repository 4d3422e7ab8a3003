import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  canTransition,
  isEnded,
  SESSION_STATES,
  SESSION_TRANSITIONS,
  STATE_DEADLINE_MS,
  sessionCan,
} from '../src/session-state.ts'

const migrations = new URL('../../deploy/supabase/migrations/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, migrations), 'utf8')

describe('session states', () => {
  it('every state that is not an end can reach an end', () => {
    for (const start of SESSION_STATES) {
      const seen = new Set([start])
      for (const state of seen) for (const next of SESSION_TRANSITIONS[state]) seen.add(next)
      expect([...seen].some(isEnded)).toBe(true)
    }
  })

  it('no state leads back to itself and no end leads anywhere', () => {
    for (const state of SESSION_STATES) expect(canTransition(state, state)).toBe(false)
    expect(SESSION_STATES.filter(isEnded)).toEqual(['stopped', 'failed', 'lost'])
  })

  it('every state on the way has a deadline, except the one people work in', () => {
    const without = SESSION_STATES.filter(
      (state) => !isEnded(state) && STATE_DEADLINE_MS[state] === null,
    )
    expect(without).toEqual(['ready'])
  })

  it('can be stopped in every live state but the one that already stops it', () => {
    expect(SESSION_STATES.filter(sessionCan.stop)).toEqual([
      'requested',
      'placing',
      'starting',
      'ready',
    ])
  })

  it('moves in the database along the same edges', () => {
    const body = read('0002_functions.sql').split('function public.session_may_move')[1] ?? ''
    const block = body.slice(0, body.indexOf('$$;'))
    const inSql = [...block.matchAll(/\('(\w+)', '(\w+)'\)/g)].map(
      ([, from, to]) => `${from} ${to}`,
    )
    const inTable = SESSION_STATES.flatMap((from) =>
      SESSION_TRANSITIONS[from].map((to) => `${from} ${to}`),
    )
    expect(inSql.sort()).toEqual(inTable.sort())
  })

  it('is called live in the database by the same states', () => {
    const live = SESSION_STATES.filter((state) => !isEnded(state))
    const body = read('0002_functions.sql').split('function public.session_is_live')[1] ?? ''
    const listed = body.slice(0, body.indexOf('$$;')).match(/in \(([^)]*)\)/)?.[1] ?? ''
    expect([...listed.matchAll(/'(\w+)'/g)].map(([, state]) => state)).toEqual(live)
  })
})
