import type { ReactNode } from 'react'
import { AuthGate } from '../../modules/auth/auth-gate.tsx'
import { AppHeaderLazy } from '../../modules/shell/app-header-lazy.tsx'
import { HeaderFrame } from '../../modules/shell/header-frame.tsx'
import { PageFrame } from '../../modules/shell/page-frame.tsx'
import { PageSkeleton } from '../../modules/shell/page-skeleton.tsx'

export default function AppLayout({ children }: { children: ReactNode }) {
  const fallback = (
    <>
      <HeaderFrame />
      <PageFrame>
        <PageSkeleton />
      </PageFrame>
    </>
  )
  return (
    <AuthGate fallback={fallback}>
      <AppHeaderLazy />
      <PageFrame>{children}</PageFrame>
    </AuthGate>
  )
}
