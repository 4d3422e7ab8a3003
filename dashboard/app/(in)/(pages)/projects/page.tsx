import type { Metadata } from 'next'
import { ProjectsEntry } from '../../../../modules/projects/projects-entry.tsx'

export const metadata: Metadata = { title: 'Projects' }

export default function Page() {
  return <ProjectsEntry />
}
