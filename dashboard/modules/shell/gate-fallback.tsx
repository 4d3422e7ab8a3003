'use client'

import { usePathname } from 'next/navigation'
import { WaitingScreen } from '../editor/waiting-screen.tsx'
import { HeaderFrame } from './header-frame.tsx'
import { PageFrame } from './page-frame.tsx'
import { PageSkeleton } from './page-skeleton.tsx'

/** What a page looks like before it is known who is there. */
export function GateFallback() {
  if (usePathname().startsWith('/editor/')) return <WaitingScreen text="Loading" />
  return (
    <>
      <HeaderFrame />
      <PageFrame>
        <PageSkeleton />
      </PageFrame>
    </>
  )
}
