import { AuthGate } from '../../../modules/auth/auth-gate.tsx'
import { EditorEntry } from '../../../modules/editor/editor-entry.tsx'
import { WaitingScreen } from '../../../modules/editor/waiting-screen.tsx'

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params
  return (
    <AuthGate fallback={<WaitingScreen text="Loading" />}>
      <EditorEntry projectId={projectId} />
    </AuthGate>
  )
}
