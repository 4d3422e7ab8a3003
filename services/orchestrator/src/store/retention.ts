import type { SupabaseClient } from '@supabase/supabase-js'
import { ARCHIVE_BUCKET } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { z } from 'zod'
import type { Retention, RetentionRules } from '../chores/ports.ts'
import { rowsOf, scalarOf } from './client.ts'
import { archiveRow } from './rows.ts'

export function createRetention(db: SupabaseClient, rules: RetentionRules): Retention {
  const bucket = db.storage.from(ARCHIVE_BUCKET)
  return {
    claim: (name, holder, everyMs) =>
      scalarOf(
        z.boolean(),
        db.rpc('chore_claim', { p_name: name, p_holder: holder, p_every_ms: everyMs }),
      ),
    doom: () =>
      scalarOf(
        z.int(),
        db.rpc('archive_doom', {
          p_keep: rules.headsKept - 1,
          p_pending_ms: rules.pendingMs,
          p_undelete_ms: rules.undeleteMs,
        }),
      ),
    due: (limit) =>
      rowsOf(archiveRow, db.rpc('archive_due', { p_grace_ms: rules.graceMs, p_limit: limit })),
    async removeObjects(paths) {
      const { error } = await bucket.remove([...paths])
      if (error) throw new VesselError('STORAGE_DOWN', { cause: error })
    },
    forget: (ids) =>
      scalarOf(z.int(), db.rpc('archive_forget', { p_ids: ids, p_undelete_ms: rules.undeleteMs })),
  }
}
