'use client'

import { useCallback, useState } from 'react'
import { wordsFor } from '../lib/problem-words.ts'
import { useToast } from './toast.tsx'

export interface Attempt {
  readonly isBusy: boolean
  /** Never rejects: what goes wrong becomes a notice, and it can be tried again. */
  readonly attempt: (deed: () => Promise<void>) => Promise<void>
}

interface AttemptOptions {
  /** What is done takes its own button away: it stays busy until that is gone. */
  readonly endsButton?: boolean
}

/** For a button that asks the API for one thing. */
export function useAttempt({ endsButton = false }: AttemptOptions = {}): Attempt {
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const attempt = useCallback(
    async (deed: () => Promise<void>): Promise<void> => {
      setBusy(true)
      try {
        await deed()
        if (!endsButton) setBusy(false)
      } catch (error) {
        const { title, hint } = wordsFor(error)
        toast({ title, hint, tone: 'bad' })
        setBusy(false)
      }
    },
    [toast, endsButton],
  )
  return { isBusy, attempt }
}
