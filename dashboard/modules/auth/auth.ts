import { GoTrueClient, isAuthRetryableFetchError, type Session } from '@supabase/auth-js'
import { NetworkError } from '../../lib/network-error.ts'
import type { PublicConfig } from '../../lib/public-config.ts'

export interface Person {
  readonly id: string
  readonly email: string
}

/**
 * loading: not known yet. expired: someone works here, but the session ended without their doing;
 * the page stays and asks for the password again.
 */
export type AuthState =
  | { readonly status: 'loading' | 'out'; readonly person: null }
  | { readonly status: 'in' | 'expired'; readonly person: Person }

export type SignUpResult = 'in' | 'confirm-email'

/** Who is logged in, and how that changes. Made once per tab. */
export interface Auth {
  state(): AuthState
  onChange(listener: () => void): () => void
  signUp(email: string, password: string): Promise<SignUpResult>
  logIn(email: string, password: string): Promise<void>
  logOut(): Promise<void>
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
const LOADING: AuthState = { status: 'loading', person: null }
const OUT: AuthState = { status: 'out', person: null }

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

export function createAuth(config: PublicConfig): Auth {
  const client = clientOf(config)
  const listeners = new Set<() => void>()
  let state = LOADING
  let waiting: ((isBack: boolean) => void)[] = []

  function move(next: AuthState): void {
    if (next.status === state.status && next.person?.id === state.person?.id) return
    state = next
    if (next.status === 'in' || next.status === 'out') {
      for (const resolve of waiting) resolve(next.status === 'in')
      waiting = []
    }
    for (const listener of listeners) listener()
  }

  function ended(): void {
    const wasMeant = localStorage.getItem(LEFT_KEY) !== null
    const { person } = state
    move(person === null || wasMeant ? OUT : { status: 'expired', person })
  }

  const { data } = client.onAuthStateChange((_event, session) => {
    if (session === null) return ended()
    localStorage.removeItem(LEFT_KEY)
    move({ status: 'in', person: personOf(session) })
  })

  async function getToken(): Promise<string | null> {
    const { data: found, error } = await client.getSession()
    if (error && isAuthRetryableFetchError(error)) throw new NetworkError({ cause: error })
    return found.session?.access_token ?? null
  }

  async function recover(): Promise<boolean> {
    if (state.status === 'out') return false
    const { error } = await client.refreshSession()
    if (!error) return true
    if (isAuthRetryableFetchError(error)) return false
    ended()
    return new Promise((resolve) => waiting.push(resolve))
  }

  return {
    state: () => state,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async signUp(email, password) {
      const { data: made, error } = await client.signUp({ email, password })
      if (error) throw error
      return made.session ? 'in' : 'confirm-email'
    },
    async logIn(email, password) {
      const { error } = await client.signInWithPassword({ email, password })
      if (error) throw error
    },
    async logOut() {
      localStorage.setItem(LEFT_KEY, '1')
      // A server that cannot be reached must not keep anyone logged in here.
      await client.signOut({ scope: 'local' })
      move(OUT)
    },
    async requestReset(email, returnTo) {
      const { error } = await client.resetPasswordForEmail(email, { redirectTo: returnTo })
      if (error) throw error
    },
    async setPassword(password) {
      const { error } = await client.updateUser({ password })
      if (error) throw error
    },
    getToken,
    recover,
    close() {
      data.subscription.unsubscribe()
      void client.stopAutoRefresh()
    },
  }
}
