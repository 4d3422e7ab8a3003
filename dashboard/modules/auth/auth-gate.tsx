'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { useAuthState, useMaybeClient } from '../client/client-provider.tsx'
import { LiveProvider } from '../live/live-provider.tsx'
import { ReloginDialog } from './relogin-dialog.tsx'

interface AuthGateProps {
  /** Shown until it is known who is there: the page's own skeleton, so that nothing jumps. */
  fallback: ReactNode
  children: ReactNode
}

/** Lets the logged in through and sends the others to log in and back. */
export function AuthGate({ fallback, children }: AuthGateProps) {
  const client = useMaybeClient()
  const { status, person } = useAuthState()
  const pathname = usePathname()

  useEffect(() => {
    if (status !== 'out') return
    // A whole new page, so that nothing of one person is left in memory for the next.
    location.replace(`/login?next=${encodeURIComponent(pathname)}`)
  }, [status, pathname])

  if (!client || person === null) return fallback
  return (
    <LiveProvider>
      {children}
      <ReloginDialog isOpen={status === 'expired'} person={person} auth={client.auth} />
    </LiveProvider>
  )
}
