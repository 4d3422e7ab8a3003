'use client'

import { useEffect } from 'react'

/** The title of the tab where it depends on what is shown; `metadata` gives the others theirs. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = title
  }, [title])
}
