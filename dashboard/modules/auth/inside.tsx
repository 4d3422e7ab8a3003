'use client'

import type { ReactNode } from 'react'
import { ToastProvider } from '../../ui/toast.tsx'
import { TooltipProvider } from '../../ui/tooltip.tsx'
import { useAuthState, useClient } from '../client/client-provider.tsx'
import { LiveProvider } from '../live/live-provider.tsx'
import { Palette } from '../palette/palette.tsx'
import { ReloginDialog } from './relogin-dialog.tsx'

/** What surrounds every page of someone who is logged in. */
export function Inside({ children }: { children: ReactNode }) {
  const { auth } = useClient()
  const { status, person } = useAuthState()
  return (
    <LiveProvider>
      <TooltipProvider delayDuration={400}>
        <ToastProvider>
          {children}
          <Palette />
          {person && <ReloginDialog isOpen={status === 'expired'} person={person} auth={auth} />}
        </ToastProvider>
      </TooltipProvider>
    </LiveProvider>
  )
}
