import { EditorEntry } from '../../../../modules/editor/editor-entry.tsx'

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params
  return <EditorEntry key={projectId} projectId={projectId} />
}
