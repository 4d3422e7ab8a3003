import type { ReactNode } from 'react'
import { AppHeaderLazy } from '../../../modules/shell/app-header-lazy.tsx'
import { PageFrame } from '../../../modules/shell/page-frame.tsx'

export default function PagesLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <AppHeaderLazy />
      <PageFrame>{children}</PageFrame>
    </>
  )
}
