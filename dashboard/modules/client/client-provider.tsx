'use client'

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import type { PublicConfig } from '../../lib/public-config.ts'
import { type AuthState, LOADING } from '../auth/auth-state.ts'
import type { Client } from './client.ts'

const ClientContext = createContext<Client | null>(null)

/** Makes the tab's client in the browser; on the server and in the first paint there is none. */
export function ClientProvider(props: { config: PublicConfig; children: ReactNode }) {
  const [client, setClient] = useState<Client | null>(null)
  const { config } = props
  useEffect(() => {
    let made: Client | null = null
    let isOver = false
    void import('./client.ts').then(({ createClient }) => {
      if (isOver) return
      made = createClient(config)
      setClient(made)
    })
    return () => {
      isOver = true
      made?.close()
    }
  }, [config])
  return <ClientContext value={client}>{props.children}</ClientContext>
}

/** Null until the page has come alive. */
export function useMaybeClient(): Client | null {
  return useContext(ClientContext)
}

/** For everything inside the gate, where there is one. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('useClient outside of AuthGate')
  return client
}

const nothing = (): void => undefined

export function useAuthState(): AuthState {
  const client = useMaybeClient()
  return useSyncExternalStore(
    (listener) => client?.auth.onChange(listener) ?? nothing,
    () => client?.auth.state() ?? LOADING,
    () => LOADING,
  )
}
