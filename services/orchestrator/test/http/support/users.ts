import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { LocalSupabase } from '@vessel/local-supabase/start'
import { type UserId, userId } from '@vessel/proto/ids'

const PASSWORD = 'correct horse battery'

export interface TestUser {
  readonly id: UserId
  readonly email: string
  readonly token: string
}

function client(supabase: LocalSupabase, key: string): SupabaseClient {
  return createClient(supabase.url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}

/** Takes the role away as an operator does; tokens given out before still carry it. */
export async function takeRole(supabase: LocalSupabase, { id }: TestUser): Promise<void> {
  const admin = client(supabase, supabase.serviceRoleKey)
  const { error } = await admin.auth.admin.updateUserById(id, { app_metadata: { role: null } })
  if (error) throw error
}

/** Logs the user in once more, as on another device; the id of that login. */
export async function anotherLogin(supabase: LocalSupabase, { email }: TestUser): Promise<string> {
  const anon = client(supabase, supabase.anonKey)
  const { data, error } = await anon.auth.signInWithPassword({ email, password: PASSWORD })
  if (error) throw error
  const [, payload = ''] = data.session.access_token.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).session_id
}

/** Signs a user up as a browser would; with `role` as only an operator can. */
export async function makeUser(
  supabase: LocalSupabase,
  email: string,
  role?: 'admin',
): Promise<TestUser> {
  const admin = client(supabase, supabase.serviceRoleKey)
  const made = await admin.auth.admin.createUser({
    email,
    password: PASSWORD,
    email_confirm: true,
    user_metadata: { name: email.split('@')[0] },
    ...(role ? { app_metadata: { role } } : {}),
  })
  if (made.error) throw made.error
  const anon = client(supabase, supabase.anonKey)
  const { data, error } = await anon.auth.signInWithPassword({ email, password: PASSWORD })
  if (error) throw error
  return { id: userId.parse(made.data.user.id), email, token: data.session.access_token }
}
