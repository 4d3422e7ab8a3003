import type { SupabaseClient } from '@supabase/supabase-js'
import { VesselError } from '@vessel/proto/errors'
import type { UserId } from '@vessel/proto/ids'
import type { Clock } from '../hub/ports.ts'

export interface Admins {
  /** Of now, not of when a token was signed. Throws AUTH_DOWN when it cannot be told. */
  isAdmin(userId: UserId): Promise<boolean>
}

export interface AdminsDeps {
  readonly auth: Pick<SupabaseClient['auth'], 'admin'>
  readonly clock: Clock
}

/** One person has several topics and tabs; with the sweep it is still well within 5 s. */
const REMEMBERED_MS = 500
const ENTRIES_MAX = 1_000
const NOT_FOUND = 404

interface Answer {
  readonly isAdmin: Promise<boolean>
  readonly atMs: number
}

/** Who is an administrator according to Supabase Auth, which a token tells only of an hour ago. */
export function createAdmins({ auth, clock }: AdminsDeps): Admins {
  const known = new Map<UserId, Answer>()

  const ask = async (userId: UserId): Promise<boolean> => {
    const { data, error } = await auth.admin.getUserById(userId)
    if (error?.status === NOT_FOUND) return false
    if (error) throw new VesselError('AUTH_DOWN', { cause: error, retryAfterMs: 2_000 })
    return data.user.app_metadata.role === 'admin'
  }
  return {
    isAdmin(userId) {
      const answer = known.get(userId)
      if (answer && clock.now() - answer.atMs < REMEMBERED_MS) return answer.isAdmin
      if (known.size >= ENTRIES_MAX) known.clear()
      const isAdmin = ask(userId)
      known.set(userId, { isAdmin, atMs: clock.now() })
      return isAdmin
    },
  }
}
