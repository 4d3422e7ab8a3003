import { createClient } from '@supabase/supabase-js'
import type { StoreKeys } from './services/specs.ts'
import type { DemoLogin } from './stack-options.ts'
import { randomPassword, type StateDir, secretAt } from './state/state-dir.ts'

const EMAIL = 'demo@vessel.local'
const NO_SESSION = { auth: { persistSession: false, autoRefreshToken: false } } as const

/** Makes the login that `make up` prints, if it is not there yet. */
export async function ensureDemoUser(
  state: StateDir,
  supabaseUrl: string,
  keys: StoreKeys,
): Promise<DemoLogin> {
  const password = await secretAt(state.secretFile('demo-password'), () => randomPassword(6))
  const login = { email: EMAIL, password }
  const visitor = createClient(supabaseUrl, keys.anonKey, NO_SESSION)
  if (!(await visitor.auth.signInWithPassword(login)).error) return login

  const admin = createClient(supabaseUrl, keys.serviceRoleKey, NO_SESSION)
  const { error } = await admin.auth.admin.createUser({
    ...login,
    email_confirm: true,
    // On one's own machine the demo user may look at the host and the live sessions too.
    app_metadata: { role: 'admin' },
  })
  if (error) throw new Error(`the demo user could not be made: ${error.message}`)
  return login
}
