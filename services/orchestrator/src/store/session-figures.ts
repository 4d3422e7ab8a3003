import type { SupabaseClient } from '@supabase/supabase-js'
import { timestamp } from '@vessel/proto/ids'
import { SESSION_STATES, STATE_DEADLINE_MS, sessionState } from '@vessel/proto/session-state'
import { z } from 'zod'
import { figuresOf, type SessionFigures } from '../figures/session-figures.ts'
import type { Clock } from '../ports.ts'
import type { SessionStore } from '../sessions/ports.ts'
import { rowsOf } from './client.ts'

const underwayRow = z
  .object({
    status: sessionState,
    deadline_at: timestamp.nullable(),
    queued_at: timestamp.nullable(),
  })
  .transform((row) => ({
    state: row.status,
    deadlineAt: row.deadline_at,
    queuedAt: row.queued_at,
  }))

/** States that a session has to leave by a deadline. */
const UNDERWAY = SESSION_STATES.filter((state) => STATE_DEADLINE_MS[state] !== null)
/** What PostgREST gives at once; of more, those that changed longest ago tell the most. */
const ROWS_MAX = 1_000

export interface FigureStoreDeps {
  readonly db: SupabaseClient
  readonly store: Pick<SessionStore, 'counts'>
  readonly clock: Clock
}

export async function readSessionFigures(deps: FigureStoreDeps): Promise<SessionFigures> {
  const { db, store, clock } = deps
  const [counts, underway] = await Promise.all([
    store.counts(),
    rowsOf(
      underwayRow,
      db
        .from('sessions')
        .select('status, deadline_at, queued_at')
        .in('status', UNDERWAY)
        .order('state_since')
        .limit(ROWS_MAX),
    ),
  ])
  return figuresOf(underway, counts, clock.now())
}
