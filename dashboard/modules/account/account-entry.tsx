'use client'

import dynamic from 'next/dynamic'
import { PageSkeleton } from '../shell/page-skeleton.tsx'

/** Everything past the first paint of this page, fetched when the gate has opened. */
export const AccountEntry = dynamic(
  () => import('./account-page.tsx').then((module) => module.AccountPage),
  { ssr: false, loading: () => <PageSkeleton /> },
)
