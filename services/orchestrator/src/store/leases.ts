import type { SupabaseClient } from '@supabase/supabase-js'
import { type HostId, type SessionId, sessionId } from '@vessel/proto/ids'
import { LEASE_MS } from '@vessel/proto/requests/renew-lease'
import { z } from 'zod'
import { rowsOf } from './client.ts'

export interface LeaseStore {
  renew(
    host: HostId,
    sessions: readonly { readonly session: SessionId; readonly epoch: number }[],
  ): Promise<{ session: SessionId; isHeld: boolean }[]>
}

const leaseRow = z
  .object({ session: sessionId, is_held: z.boolean() })
  .transform((row) => ({ session: row.session, isHeld: row.is_held }))

export function createLeaseStore(db: SupabaseClient): LeaseStore {
  return {
    renew: (host, sessions) =>
      rowsOf(
        leaseRow,
        db.rpc('lease_renew', { p_host: host, p_sessions: sessions, p_lease_ms: LEASE_MS }),
      ),
  }
}
