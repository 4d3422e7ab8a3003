'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { safeNext } from '../../lib/safe-next.ts'
import { useAuthState } from '../client/client-provider.tsx'

/** Whoever is logged in has no business on a login page; on they go to where they wanted. */
export function useLeaveWhenIn(): void {
  const router = useRouter()
  const { status } = useAuthState()
  useEffect(() => {
    if (status !== 'in') return
    router.replace(safeNext(new URLSearchParams(location.search).get('next')))
  }, [status, router])
}
