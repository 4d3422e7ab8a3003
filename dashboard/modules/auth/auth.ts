import {
  type AuthError,
  GoTrueClient,
  isAuthRetryableFetchError,
  type Session,
} from '@supabase/auth-js'
import { NetworkError } from '../../lib/network-error.ts'
import type { PublicConfig } from '../../lib/public-config.ts'
import { type AuthState, createAuthStates, OUT, type Person } from './auth-state.ts'

export type SignUpResult = 'in' | 'confirm-email'

/** Who is logged in, and how that changes. Made once per tab. */
export interface Auth {
  state(): AuthState
  onChange(listener: () => void): () => void
  signUp(email: string, password: string): Promise<SignUpResult>
  logIn(email: string, password: string): Promise<void>
  logOut(): Promise<void>
  /** Ends the logins of other devices; `everywhere`: this one too. Throws when it could not. */
  endLogins(which: 'elsewhere' | 'everywhere'): Promise<void>
  requestReset(email: string, returnTo: string): Promise<void>
  setPassword(password: string): Promise<void>
  /** A token that is good now. Null: logged out. Throws NetworkError when it cannot be renewed. */
  getToken(): Promise<string | null>
  /** A token was refused. Renews it or has the person log in again; false when they leave. */
  recover(): Promise<boolean>
  close(): void
}

const STORAGE_KEY = 'vessel.auth'
/** Says to the other tabs that a logout was meant. */
const LEFT_KEY = 'vessel.auth.left'

function clientOf(config: PublicConfig): GoTrueClient {
  return new GoTrueClient({
    url: `${config.supabaseUrl}/auth/v1`,
    headers: { apikey: config.supabaseAnonKey },
    storageKey: STORAGE_KEY,
    autoRefreshToken: true,
    persistSession: true,
    detectSessionInUrl: true,
  })
}

const personOf = ({ user }: Session): Person => ({ id: user.id, email: user.email ?? '' })
const wasLogoutMeant = (): boolean => localStorage.getItem(LEFT_KEY) !== null

async function orThrow<T extends { error: AuthError | null }>(answer: Promise<T>): Promise<T> {
  const result = await answer
  if (result.error) throw result.error
  return result
}

export function createAuth(config: PublicConfig): Auth {
  const client = clientOf(config)
  const states = createAuthStates()
  const { data } = client.onAuthStateChange((_event, session) => {
    if (session === null) return states.end(wasLogoutMeant())
    localStorage.removeItem(LEFT_KEY)
    states.move({ status: 'in', person: personOf(session) })
  })

  return {
    state: states.current,
    onChange: states.onChange,
    async signUp(email, password) {
      const made = await orThrow(client.signUp({ email, password }))
      return made.data.session ? 'in' : 'confirm-email'
    },
    async logIn(email, password) {
      await orThrow(client.signInWithPassword({ email, password }))
    },
    async logOut() {
      localStorage.setItem(LEFT_KEY, '1')
      // A server that cannot be reached must not keep anyone logged in here.
      await client.signOut({ scope: 'local' })
      states.move(OUT)
    },
    async endLogins(which) {
      if (which === 'elsewhere') return void (await orThrow(client.signOut({ scope: 'others' })))
      localStorage.setItem(LEFT_KEY, '1')
      await orThrow(client.signOut({ scope: 'global' })).catch((error: unknown) => {
        localStorage.removeItem(LEFT_KEY)
        throw error
      })
      states.move(OUT)
    },
    async requestReset(email, redirectTo) {
      await orThrow(client.resetPasswordForEmail(email, { redirectTo }))
    },
    async setPassword(password) {
      await orThrow(client.updateUser({ password }))
    },
    async getToken() {
      const { data: found, error } = await client.getSession()
      if (error && isAuthRetryableFetchError(error)) throw new NetworkError({ cause: error })
      return found.session?.access_token ?? null
    },
    async recover() {
      if (states.current().status === 'out') return false
      const { error } = await client.refreshSession()
      if (!error) return true
      if (isAuthRetryableFetchError(error)) return false
      states.end(wasLogoutMeant())
      return states.untilSettled()
    },
    close() {
      data.subscription.unsubscribe()
      void client.stopAutoRefresh()
    },
  }
}
