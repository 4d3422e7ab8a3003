'use client'

import { useEffect, useRef } from 'react'
import { useClient } from './client-provider.tsx'
import type { Wish } from './wishes.ts'

/** Runs when someone asks for it, or at once when it was asked for before this part was there. */
export function useWish(wish: Wish, run: () => void): void {
  const { wishes } = useClient()
  const current = useRef(run)
  current.current = run
  useEffect(() => {
    const look = (): void => {
      if (wishes.take(wish)) current.current()
    }
    look()
    return wishes.onMade(look)
  }, [wishes, wish])
}
