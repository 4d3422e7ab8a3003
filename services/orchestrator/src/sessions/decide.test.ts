import { describe, expect, it } from '@jest/globals'
import type { SessionOnHost } from '@vessel/proto/events/beat'
import { canTransition, SESSION_STATES, type SessionState } from '@vessel/proto/session-state'
import { sessionOverview } from '../store/rows.ts'
import { decide, type Facts } from './decide.ts'
import { SESSION_LIMITS as LIMITS } from './limits.ts'
import type { HostPresence } from './presence.ts'

const NOW = Date.parse('2026-01-02T12:00:00Z')
const ago = (ms: number) => new Date(NOW - ms).toISOString()
const SESSION = '7b6d1a3e-4c1c-4f0e-9a55-0d3f2f0f9a11'
const PROJECT = '0c9b2f7e-6a0b-4b7e-8a39-2c1f3a9d4e22'
const BOOT = '3f0f5c8a-2b60-4e3d-9d61-6f0a7b1c5d33'

function overview(state: SessionState, patch: object = {}) {
  return sessionOverview.parse({
    session: {
      id: SESSION,
      project_id: PROJECT,
      user_id: BOOT,
      status: state,
      revision: 1,
      epoch: 4,
      host_id: 'h1',
      boot_id: BOOT,
      cpu_count: 2,
      memory_mib: 1024,
      disk_mib: 1024,
      created_at: ago(60_000),
      state_since: ago(30_000),
      deadline_at: ago(-60_000),
      attempts: 1,
      queued_at: null,
      waits_for: null,
      ready_at: state === 'ready' ? ago(30_000) : null,
      ended_at: null,
      last_activity_at: state === 'ready' ? ago(20_000) : null,
      keep_awake_until: null,
      last_saved_at: null,
      stop_mode: null,
      stop_reason: null,
      end_reason: null,
      failure: null,
      traceparent: null,
      ...patch,
    },
    project: { slug: 'demo', idle_stop_ms: null },
    queue_position: null,
  })
}

function onHost(patch: object = {}): SessionOnHost {
  return {
    session: SESSION,
    project: PROJECT,
    slug: 'demo',
    epoch: 4,
    bootId: BOOT,
    state: 'ready',
    spec: { cpuCount: 2, memoryMib: 1024, diskMib: 1024 },
    ip: '10.0.0.7',
    startedAt: ago(30_000),
    readyAt: ago(10_000),
    lastActivityAt: null,
    lastSavedAt: null,
    end: null,
    ...patch,
  } as SessionOnHost
}

function facts(host: Partial<HostPresence> | null): Facts {
  const heard = { silentMs: 1_000, heardAtMs: NOW - 1_000, session: null }
  return {
    nowMs: NOW,
    host: host && { ...heard, ...host },
    idleStopMs: 1_800_000,
    maxLifeMs: 43_200_000,
  }
}
const listed = (patch: object = {}) => facts({ session: onHost(patch) })
const booting = { state: 'starting', readyAt: null, ip: null }
const deadHost = facts({ silentMs: LIMITS.hostLostMs + 1, heardAtMs: null })
const error = { code: 'IDE_FAILED', message: 'no' }

describe('what is done next with a session', () => {
  it.each([
    ['a request is placed', overview('requested'), facts(null), 'move'],
    ['a placing one asks the hosts', overview('placing'), facts(null), 'place'],
    [
      'a start that was not confirmed is sent again',
      overview('starting', { boot_id: null }),
      listed(booting),
      'start',
    ],
    ['a booting one is left to boot', overview('starting'), listed(booting), 'wait'],
    ['a ready event that got lost is read from the beat', overview('starting'), listed(), 'ready'],
    ['a running one is left alone', overview('ready'), listed(), 'wait'],
    ['a wish to stop is passed on', overview('ready', { stop_mode: 'save' }), listed(), 'stop'],
    [
      'a host that saves already is not told again',
      overview('saving', { stop_mode: 'save' }),
      listed({ state: 'saving' }),
      'wait',
    ],
    [
      'a host that did not hear is told again',
      overview('saving', { stop_mode: 'save' }),
      listed(),
      'stop',
    ],
    [
      'a silent host is not lost before its lease can be over',
      overview('ready'),
      facts({ silentMs: LIMITS.hostLostMs - 1, heardAtMs: null }),
      'wait',
    ],
    ['a lost host gives up what was running', overview('ready'), deadHost, 'give-up'],
    [
      'a lost host gives up what was saving',
      overview('saving', { stop_mode: 'save' }),
      deadHost,
      'give-up',
    ],
    ['a lost host during boot means another host', overview('starting'), deadHost, 'place-again'],
    ['nothing is lost while we hear nobody ourselves', overview('ready'), facts(null), 'wait'],
    [
      'a boot past its deadline is ended',
      overview('starting', { deadline_at: ago(1) }),
      listed(booting),
      'want-stop',
    ],
  ] as const)('%s', (...[, session, known, expected]) => {
    expect(decide(session, known).do).toBe(expected)
  })

  it('never moves a session along an edge that does not exist', () => {
    const hosts = [facts(null), facts({}), listed(), listed(booting), deadHost]
    const wishes = [{}, { stop_mode: 'save' }, { deadline_at: ago(1) }, { attempts: 99 }]
    for (const state of SESSION_STATES) {
      for (const decision of wishes.flatMap((wish) =>
        hosts.map((host) => decide(overview(state, wish), host)),
      )) {
        const to = 'to' in decision ? decision.to : null
        if (to) expect([state, to, canTransition(state, to)]).toEqual([state, to, true])
      }
    }
  })

  it('ends what has no machine yet as soon as it is cancelled', () => {
    for (const state of ['requested', 'placing'] as const) {
      const wish = { stop_mode: 'save', stop_reason: 'cancelled' }
      expect(decide(overview(state, wish), facts(null))).toEqual({
        do: 'move',
        to: 'stopped',
        end: { reason: 'cancelled', failure: null },
      })
    }
  })

  it('tries a boot that broke on another host, but not for ever', () => {
    const broken = listed({
      ...booting,
      state: 'failed',
      end: { reason: 'start_failed', at: ago(0), error, stage: 'ide' },
    })
    expect(decide(overview('starting'), broken)).toEqual({ do: 'place-again', isGone: true })
    const last = { attempts: LIMITS.bootAttemptsMax }
    expect(decide(overview('starting', last), broken)).toMatchObject({
      do: 'move',
      to: 'failed',
      end: { failure: { code: 'IDE_FAILED', stage: 'ide', isRetryable: true } },
    })
  })

  it('does not try again what the user has cancelled', () => {
    const broken = listed({ end: { reason: 'start_failed', at: ago(0), error } })
    const decision = decide(overview('starting', { stop_mode: 'save' }), broken)
    expect(decision).toMatchObject({ do: 'move', to: 'failed' })
  })

  it('takes a boot that was ended for its deadline as failed', () => {
    const wish = { stop_mode: 'save', stop_reason: 'deadline' }
    const gone = listed({ end: { reason: 'deadline', at: ago(0) } })
    const decision = decide(overview('saving', wish), gone)
    expect(decision).toMatchObject({ to: 'failed', end: { failure: { code: 'STEP_STALLED' } } })
  })

  it('does not mistake an older run on the host for this one', () => {
    const older = listed({ epoch: 3, end: { reason: 'user_exit', at: ago(0) } })
    expect(decide(overview('starting', { state_since: ago(1_000) }), older).do).toBe('wait')
  })

  it('knows a machine that is gone only after the host had time to list it', () => {
    const without = facts({ session: null })
    expect(decide(overview('ready', { state_since: ago(5_000) }), without).do).toBe('wait')
    const decision = decide(overview('ready'), without)
    expect(decision).toMatchObject({ do: 'give-up', end: { reason: 'machine_died' } })
  })

  it('stops an idle one, but not while it is kept awake', () => {
    const idle = { last_activity_at: ago(1_900_000) }
    expect(decide(overview('ready', idle), listed())).toEqual({ do: 'want-stop', reason: 'idle' })
    const awake = { ...idle, keep_awake_until: ago(-600_000) }
    expect(decide(overview('ready', awake), listed()).do).toBe('wait')
  })

  it('counts what the host saw as activity', () => {
    const idle = overview('ready', { last_activity_at: ago(1_900_000) })
    const decision = decide(idle, listed({ lastActivityAt: ago(1_000) }))
    expect(decision).toEqual({ do: 'touch', at: new Date(NOW - 1_000) })
  })

  it('stops at the end of the longest life', () => {
    const old = overview('ready', { ready_at: ago(43_300_000) })
    expect(decide(old, listed())).toEqual({ do: 'want-stop', reason: 'max_life' })
  })

  it.each([
    ['room', 'NO_ROOM'],
    ['host', 'NO_HOSTS'],
  ])('gives a session up that waited too long for a %s, and says so', (waits_for, code) => {
    const queued_at = ago(LIMITS.queueMaxMs + 1)
    expect(decide(overview('placing', { queued_at, waits_for }), facts(null))).toMatchObject({
      to: 'failed',
      end: { reason: 'no_room_in_time', failure: { code, isRetryable: true } },
    })
  })

  it('calls a save that takes for ever failed, without touching the files', () => {
    const late = overview('saving', { stop_mode: 'save', deadline_at: ago(1) })
    expect(decide(late, listed({ state: 'save-failed' }))).toMatchObject({
      do: 'move',
      to: 'failed',
      end: { reason: 'save_failed' },
    })
  })
})
