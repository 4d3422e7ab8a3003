'use client'

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { applyTheme } from '../../lib/use-theme.ts'
import { useClient } from '../client/client-provider.tsx'
import { useProjectActions } from '../projects/use-project-actions.ts'
import type { Deed } from './commands.ts'

/** Carries commands out. */
export function useDeeds(): (deed: Deed) => void {
  const { auth, wishes } = useClient()
  const actions = useProjectActions()
  const router = useRouter()
  return useCallback(
    (deed) => {
      switch (deed.kind) {
        case 'open':
          return actions.open(deed.project)
        case 'stop':
          return void actions.stop(deed.project)
        case 'download':
          return void actions.download(deed.project)
        case 'settings':
          return router.push(`/projects/${deed.project.id}`)
        case 'go':
          return router.push(deed.path)
        case 'theme':
          return applyTheme(deed.theme)
        case 'log-out':
          return void auth.logOut()
        case 'new-project':
          wishes.make('new-project')
          return router.push('/projects')
      }
    },
    [actions, auth, router, wishes],
  )
}
