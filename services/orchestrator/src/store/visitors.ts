import type { SupabaseClient } from '@supabase/supabase-js'
import { type VisitorId, visitorId } from '@vessel/proto/ids'
import { z } from 'zod'
import { scalarOf } from './client.ts'

export interface VisitorStore {
  /** Those of them that may not come in any more. */
  ended(visitors: readonly VisitorId[]): Promise<VisitorId[]>
}

export function createVisitorStore(db: SupabaseClient): VisitorStore {
  return {
    ended: (visitors) =>
      scalarOf(z.array(visitorId), db.rpc('visitors_ended', { p_visitors: visitors })),
  }
}
