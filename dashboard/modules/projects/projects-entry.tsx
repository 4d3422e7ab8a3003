'use client'

import dynamic from 'next/dynamic'
import { PageSkeleton } from '../shell/page-skeleton.tsx'

/** Everything past the first paint of this page, fetched when the gate has opened. */
export const ProjectsEntry = dynamic(
  () => import('./projects-page.tsx').then((module) => module.ProjectsPage),
  { ssr: false, loading: () => <PageSkeleton /> },
)
