'use client'

import { useEffect, useState } from 'react'
import { useClient } from '../client/client-provider.tsx'
import type { SessionCounts } from './session-figures.ts'

const POLL_MS = 5_000

/** Everyone's live sessions by state. Null: not known yet. */
export function useSessionCounts(): SessionCounts | null {
  const { api } = useClient()
  const [counts, setCounts] = useState<SessionCounts | null>(null)
  useEffect(() => {
    const ask = async (): Promise<void> => {
      try {
        setCounts((await api('adminStats')).sessions)
      } catch {
        // The lists beside it say what is wrong; the last figures stay meanwhile.
      }
    }
    void ask()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void ask()
    }, POLL_MS)
    return () => clearInterval(timer)
  }, [api])
  return counts
}
