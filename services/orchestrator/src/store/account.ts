import type { SupabaseClient } from '@supabase/supabase-js'
import { VesselError } from '@vessel/proto/errors'
import { API_TOKENS_MAX } from '@vessel/proto/http/account'
import { timestamp, userId, visitorId } from '@vessel/proto/ids'
import { z } from 'zod'
import type { EndedLoginStore } from '../account/ended-logins.ts'
import type { AccountStore } from '../account/ports.ts'
import { rowsOf, scalarOf } from './client.ts'

const NAME_CHARS_MAX = 80
const USER_AGENT_CHARS_MAX = 500

const loginRow = z
  .object({
    id: z.uuid(),
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    created_at: timestamp,
    seen_at: timestamp,
  })
  .transform((row) => ({
    id: row.id,
    userAgent: row.user_agent?.slice(0, USER_AGENT_CHARS_MAX) ?? null,
    address: row.address,
    createdAt: row.created_at,
    lastSeenAt: row.seen_at,
  }))

const tokenRow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    hint: z.string(),
    created_at: timestamp,
    expires_at: timestamp,
    last_used_at: timestamp.nullable(),
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }))

/** A script is never an administrator, whoever it works for. */
const ownerRow = z
  .object({ id: visitorId, user_id: userId, name: z.string(), expires_at: timestamp })
  .transform((row) => ({
    userId: row.user_id,
    name: row.name.slice(0, NAME_CHARS_MAX),
    isAdmin: false,
    isScript: true,
    loginId: null,
    visitor: row.id,
    expiresAtMs: Date.parse(row.expires_at),
  }))

const endedLogins = z
  .array(z.tuple([z.uuid(), z.number()]))
  .transform((pairs) => pairs.map(([id, agoMs]) => ({ id, agoMs })))

export function createAccountStore(db: SupabaseClient): AccountStore & EndedLoginStore {
  return {
    endedWithin: (ms, limit) =>
      scalarOf(endedLogins, db.rpc('login_ended', { p_within_ms: Math.ceil(ms), p_limit: limit })),
    logins: (user) => rowsOf(loginRow, db.rpc('account_logins', { p_user: user })),
    endLogin: (user, id) =>
      scalarOf(z.boolean(), db.rpc('account_end_login', { p_user: user, p_login: id })),
    tokens: (user) => rowsOf(tokenRow, db.rpc('account_tokens', { p_user: user })),
    async addToken(user, { name, digest, hint, expiresInDays }) {
      const args = {
        p_user: user,
        p_name: name,
        p_digest: digest,
        p_hint: hint,
        p_days: expiresInDays,
        p_max: API_TOKENS_MAX,
      }
      const [made] = await rowsOf(tokenRow, db.rpc('account_add_token', args))
      if (!made) throw new VesselError('INTERNAL', { detail: 'the token was not kept' })
      return made
    },
    deleteToken: (user, id) =>
      scalarOf(z.boolean(), db.rpc('account_delete_token', { p_user: user, p_token: id })),
    async ownerOf(digest) {
      const [owner] = await rowsOf(ownerRow, db.rpc('account_token_owner', { p_digest: digest }))
      return owner ?? null
    },
  }
}
