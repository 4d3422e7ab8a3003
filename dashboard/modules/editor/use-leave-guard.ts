'use client'

import { useLayoutEffect } from 'react'

/**
 * Has the browser ask before the tab is closed while files are being saved. Before the page shows
 * that it saves, not in an effect after it: a tab closed in between would go without a question.
 */
export function useLeaveGuard(isSaving: boolean): void {
  useLayoutEffect(() => {
    if (!isSaving) return
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [isSaving])
}
