'use client'

import type { ProjectId } from '@vessel/proto/ids'
import { useCallback } from 'react'
import { useAttempt } from '../../../ui/use-attempt.ts'
import { useClient } from '../../client/client-provider.tsx'

export interface Stay {
  readonly isBusy: boolean
  /** Someone is here. */
  readonly keepWorking: () => void
  /** Nobody may be here, and it is to run on all the same. */
  readonly keepAwake: (ms: number) => void
}

/** Puts the stop for idleness off. */
export function useStay(projectId: ProjectId): Stay {
  const { api, projects } = useClient()
  const { isBusy, attempt } = useAttempt()

  const say = useCallback(
    (keepAwakeMs: number | null) => {
      const body =
        keepAwakeMs === null
          ? { projectId, source: 'input' as const }
          : { projectId, source: 'keep-awake' as const, keepAwakeMs }
      void attempt(async () => {
        const { session } = await api('heartbeat', { body })
        projects.putSession(session)
      })
    },
    [api, projects, projectId, attempt],
  )
  return { isBusy, keepWorking: () => say(null), keepAwake: (ms) => say(ms) }
}
