'use client'

import { useEffect } from 'react'

/** Has the browser ask before the tab is closed while files are being saved. */
export function useLeaveGuard(isSaving: boolean): void {
  useEffect(() => {
    if (!isSaving) return
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [isSaving])
}
