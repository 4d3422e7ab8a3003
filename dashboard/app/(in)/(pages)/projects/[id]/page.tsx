import type { Metadata } from 'next'
import { ProjectEntry } from '../../../../../modules/projects/project-entry.tsx'

export const metadata: Metadata = { title: 'Project' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ProjectEntry projectId={id} />
}
