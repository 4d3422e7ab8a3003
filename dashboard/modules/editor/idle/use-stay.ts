'use client'

import type { ProjectId } from '@vessel/proto/ids'
import { useCallback, useState } from 'react'
import { wordsFor } from '../../../lib/problem-words.ts'
import { useToast } from '../../../ui/toast.tsx'
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
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)

  const say = useCallback(
    (keepAwakeMs: number | null) => {
      setBusy(true)
      const body =
        keepAwakeMs === null
          ? { projectId, source: 'input' as const }
          : { projectId, source: 'keep-awake' as const, keepAwakeMs }
      api('heartbeat', { body })
        .then(
          ({ session }) => projects.putSession(session),
          (error: unknown) => {
            const { title, hint } = wordsFor(error)
            toast({ title, hint, tone: 'bad' })
          },
        )
        .finally(() => setBusy(false))
    },
    [api, projects, projectId, toast],
  )
  return { isBusy, keepWorking: () => say(null), keepAwake: (ms) => say(ms) }
}
