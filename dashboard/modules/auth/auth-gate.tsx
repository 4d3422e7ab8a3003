'use client'

import { usePathname } from 'next/navigation'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useAuthState, useMaybeClient } from '../client/client-provider.tsx'

const loadInside = () => import('./inside.tsx')
/** Everything only the logged in need arrives after the page's first paint. */
const Inside = lazy(() => loadInside().then((module) => ({ default: module.Inside })))

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
    // Fetched while it is still being found out who is there.
    void loadInside()
  }, [])

  useEffect(() => {
    if (status !== 'out') return
    // A whole new page, so that nothing of one person is left in memory for the next.
    location.replace(`/login?next=${encodeURIComponent(pathname)}`)
  }, [status, pathname])

  if (!client || person === null) return fallback
  return (
    <Suspense fallback={fallback}>
      <Inside>{children}</Inside>
    </Suspense>
  )
}
