'use client'

import { useEffect } from 'react'
import { useClient } from '../client/client-provider.tsx'

/** The server forgets nothing within this time, so more often would say nothing new. */
export const HEARTBEAT_EVERY_MS = 5 * 60_000

/**
 * Says that someone is here: after input on this page, while it is looked at, at most every five
 * minutes. What happens inside the frame is seen by the gateway.
 */
export function useHeartbeat(projectId: string, isActive: boolean): void {
  const { api, projects } = useClient()
  useEffect(() => {
    if (!isActive) return
    let lastMs = Number.NEGATIVE_INFINITY
    const onInput = ({ target }: Event): void => {
      if (target instanceof Element && target.closest('[data-no-heartbeat]')) return
      const nowMs = performance.now()
      if (document.visibilityState !== 'visible' || nowMs - lastMs < HEARTBEAT_EVERY_MS) return
      lastMs = nowMs
      api('heartbeat', { body: { projectId: projectId as never } }).then(
        ({ session }) => projects.putSession(session),
        // The next input tries again.
        () => {
          lastMs = Number.NEGATIVE_INFINITY
        },
      )
    }
    document.addEventListener('pointerdown', onInput)
    document.addEventListener('keydown', onInput)
    return () => {
      document.removeEventListener('pointerdown', onInput)
      document.removeEventListener('keydown', onInput)
    }
  }, [api, projects, projectId, isActive])
}
