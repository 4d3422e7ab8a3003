'use client'

import dynamic from 'next/dynamic'
import { PageSkeleton } from '../shell/page-skeleton.tsx'

/** Everything past the first paint of this page, fetched when the gate has opened. */
export const ProjectEntry = dynamic(
  () => import('./project-page.tsx').then((module) => module.ProjectPage),
  { ssr: false, loading: () => <PageSkeleton /> },
)
