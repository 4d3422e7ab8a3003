/** Who is logged in here. */
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

export const LOADING: AuthState = { status: 'loading', person: null }
export const OUT: AuthState = { status: 'out', person: null }

export interface AuthStates {
  current(): AuthState
  move(next: AuthState): void
  /** Nobody is logged in any more. Meant: they left. Else they are asked to come back. */
  end(wasMeant: boolean): void
  onChange(listener: () => void): () => void
  /** True when someone is in again, false when they left. */
  untilSettled(): Promise<boolean>
}

/** The one state of a tab, and those who wait for it to change. */
export function createAuthStates(): AuthStates {
  const listeners = new Set<() => void>()
  let waiting: ((isBack: boolean) => void)[] = []
  let state = LOADING

  function move(next: AuthState): void {
    if (next.status === state.status && next.person?.id === state.person?.id) return
    state = next
    if (next.status === 'in' || next.status === 'out') {
      for (const resolve of waiting) resolve(next.status === 'in')
      waiting = []
    }
    for (const listener of listeners) listener()
  }

  return {
    current: () => state,
    move,
    end(wasMeant) {
      const { person } = state
      move(person === null || wasMeant ? OUT : { status: 'expired', person })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    untilSettled: () => new Promise((resolve) => waiting.push(resolve)),
  }
}
