import type { ReactNode } from 'react'
import { AuthGate } from '../../modules/auth/auth-gate.tsx'
import { AppHeader, HeaderFrame } from '../../modules/shell/app-header.tsx'
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
      <AppHeader />
      <PageFrame>{children}</PageFrame>
    </AuthGate>
  )
}
