'use client'

import dynamic from 'next/dynamic'
import { PageSkeleton } from '../shell/page-skeleton.tsx'

/** Everything past the first paint of this page, fetched when the gate has opened. */
export const AdminEntry = dynamic(
  () => import('./admin-page.tsx').then((module) => module.AdminPage),
  { ssr: false, loading: () => <PageSkeleton /> },
)
