import type { SupabaseClient } from '@supabase/supabase-js'
import { LEASE_GRACE_MS, LEASE_MS } from '@vessel/proto/requests/renew-lease'
import { STATE_DEADLINE_MS } from '@vessel/proto/session-state'
import { z } from 'zod'
import { SESSION_LIMITS } from '../sessions/limits.ts'
import type { Move, SessionStore } from '../sessions/ports.ts'
import { done, rowsOf, scalarOf } from './client.ts'
import { type Session, sessionOverview, sessionRow } from './rows.ts'

export interface SessionStoreOptions {
  /** Name of this copy in a claim. */
  readonly driver: string
  readonly sessionsPerUserMax: number
  readonly memoryMibPerUserMax: number
}

const countRow = z.object({ status: z.string(), count: z.int() })

export function createSessionStore(db: SupabaseClient, options: SessionStoreOptions): SessionStore {
  return {
    ...createMoves(db, options),
    ...createClaims(db, options.driver),
    ...createWishes(db),
    ...createLeaseNotes(db),
    ...createReads(db),
  }
}

/** A function of the database that gives one session, or none. */
function callFirst(db: SupabaseClient) {
  return async (name: string, args: object): Promise<Session | null> => {
    const [row] = await rowsOf(sessionRow, db.rpc(name, args))
    return row ?? null
  }
}

type Moves = Pick<SessionStore, 'request' | 'move' | 'place'>
function createMoves(db: SupabaseClient, options: SessionStoreOptions): Moves {
  const first = callFirst(db)
  return {
    async request({ id, projectId, userId, traceparent }) {
      const found = await first('session_request', {
        p_session: id,
        p_project: projectId,
        p_user: userId,
        p_sessions_max: options.sessionsPerUserMax,
        p_memory_mib_max: options.memoryMibPerUserMax,
        p_deadline_ms: STATE_DEADLINE_MS.requested,
        p_traceparent: traceparent,
      })
      if (!found) throw new Error('session_request gave no row')
      return found
    },
    move: (move) => first('session_move', moveArgs(move)),
    place: (sessionId, host) =>
      first('session_place', {
        p_session: sessionId,
        p_host: host,
        p_lease_ms: LEASE_MS,
        p_grace_ms: LEASE_GRACE_MS,
        p_deadline_ms: STATE_DEADLINE_MS.starting,
      }),
  }
}

type Claims = Pick<SessionStore, 'claim' | 'claimDue' | 'keepClaim' | 'unclaim'>
function createClaims(db: SupabaseClient, driver: string): Claims {
  const first = callFirst(db)
  return {
    claim: (sessionId) =>
      first('session_claim', {
        p_session: sessionId,
        p_driver: driver,
        p_ms: SESSION_LIMITS.claimMs,
      }),
    claimDue: (limit) =>
      rowsOf(
        sessionRow,
        db.rpc('session_claim_due', {
          p_driver: driver,
          p_limit: limit,
          p_ms: SESSION_LIMITS.claimMs,
        }),
      ),
    async keepClaim(sessionId) {
      await done(
        db.rpc('session_keep_claim', {
          p_session: sessionId,
          p_driver: driver,
          p_ms: SESSION_LIMITS.claimMs,
        }),
      )
    },
    async unclaim(sessionId, wakeInMs) {
      await done(
        db.rpc('session_unclaim', {
          p_session: sessionId,
          p_driver: driver,
          p_wake_in_ms: Math.round(wakeInMs),
        }),
      )
    },
  }
}

type Wishes = Pick<SessionStore, 'wantStop' | 'touch' | 'queue' | 'queueAhead'>
function createWishes(db: SupabaseClient): Wishes {
  const first = callFirst(db)
  return {
    wantStop: ({ sessionId, mode, reason }) =>
      first('session_want_stop', { p_session: sessionId, p_mode: mode, p_reason: reason }),
    async touch(sessionId, activityAt, keepAwakeUntil) {
      await first('session_touch', {
        p_session: sessionId,
        p_activity_at: activityAt.toISOString(),
        p_keep_awake_until: keepAwakeUntil?.toISOString() ?? null,
      })
    },
    queue: (sessionId, waitsFor) =>
      first('session_queue', {
        p_session: sessionId,
        p_deadline_ms: STATE_DEADLINE_MS.placing,
        p_waits_for: waitsFor,
      }),
    queueAhead: (sessionId) =>
      scalarOf(z.int(), db.rpc('session_queue_ahead', { p_session: sessionId })),
  }
}

type LeaseNotes = Pick<SessionStore, 'releaseLease' | 'isLeaseOver' | 'noteBoot' | 'noteSaved'>
function createLeaseNotes(db: SupabaseClient): LeaseNotes {
  const first = callFirst(db)
  return {
    async releaseLease({ id, epoch }) {
      await done(db.rpc('lease_release', { p_session: id, p_epoch: epoch }))
    },
    isLeaseOver: ({ id, epoch }) =>
      scalarOf(z.boolean(), db.rpc('lease_is_over', { p_session: id, p_epoch: epoch })),
    async noteBoot({ id, epoch }, bootId) {
      await first('session_note_boot', { p_session: id, p_epoch: epoch, p_boot: bootId })
    },
    async noteSaved(sessionId, epoch) {
      await first('session_note_saved', { p_session: sessionId, p_epoch: epoch })
    },
  }
}

type Reads = Pick<SessionStore, 'overview' | 'page' | 'counts'>
function createReads(db: SupabaseClient): Reads {
  return {
    async overview(sessionId) {
      const args = { p_session: sessionId, p_limit: 1 }
      const rows = await rowsOf(sessionOverview, db.rpc('session_page', args))
      return rows[0] ?? null
    },
    page: (query) =>
      rowsOf(
        sessionOverview,
        db.rpc('session_page', {
          p_user: query.userId ?? null,
          p_session: query.sessionId ?? null,
          p_is_live: query.isLive ?? false,
          p_before_at: query.before?.at ?? null,
          p_before_id: query.before?.id ?? null,
          p_limit: query.limit,
        }),
      ),
    async counts() {
      const rows = await rowsOf(countRow, db.rpc('session_counts'))
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
    },
  }
}

function moveArgs({ session, to, bootId, ip, endReason, failure }: Move) {
  return {
    p_session: session.id,
    p_from: session.state,
    p_to: to,
    p_epoch: session.epoch,
    p_deadline_ms: STATE_DEADLINE_MS[to],
    p_patch: {
      ...(bootId ? { boot_id: bootId } : {}),
      ...(ip ? { ip_address: ip } : {}),
      ...(endReason ? { end_reason: endReason } : {}),
      ...(failure ? { failure } : {}),
    },
  }
}
