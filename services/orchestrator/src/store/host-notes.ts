import type { SupabaseClient } from '@supabase/supabase-js'
import type { HostsDeps } from '../hosts/hosts.ts'
import { done } from './client.ts'

/** What administrators did, in the audit that nobody can change. */
export function createHostNotes(db: SupabaseClient): HostsDeps['note'] {
  return async (by, action, host) => {
    await done(db.rpc('audit_note', { p_actor: by, p_action: action, p_host: host }))
  }
}
