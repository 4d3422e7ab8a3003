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
  const { error } = await operator(supabase).updateUserById(id, { app_metadata: { role: null } })
  if (error) throw error
}

export interface TestLogin {
  readonly id: string
  readonly token: string
  /** What the person does at Supabase Auth itself in this login. */
  readonly auth: SupabaseClient['auth']
}

/** Logs the user in once more, as on another device. */
export async function anotherLogin(
  supabase: LocalSupabase,
  { email }: Pick<TestUser, 'email'>,
): Promise<TestLogin> {
  const { auth } = client(supabase, supabase.anonKey)
  const { data, error } = await auth.signInWithPassword({ email, password: PASSWORD })
  if (error) throw error
  const token = data.session.access_token
  const [, payload = ''] = token.split('.')
  return { id: JSON.parse(Buffer.from(payload, 'base64url').toString()).session_id, token, auth }
}

/** What an operator does with an account. */
export function operator(supabase: LocalSupabase): SupabaseClient['auth']['admin'] {
  return client(supabase, supabase.serviceRoleKey).auth.admin
}

/** Signs a user up as a browser would; with `role` as only an operator can. */
export async function makeUser(
  supabase: LocalSupabase,
  email: string,
  role?: 'admin',
): Promise<TestUser> {
  const made = await operator(supabase).createUser({
    email,
    password: PASSWORD,
    email_confirm: true,
    user_metadata: { name: email.split('@')[0] },
    ...(role ? { app_metadata: { role } } : {}),
  })
  if (made.error) throw made.error
  const { token } = await anotherLogin(supabase, { email })
  return { id: userId.parse(made.data.user.id), email, token }
}
