import { AuthGate } from '../../../modules/auth/auth-gate.tsx'
import { EditorPage } from '../../../modules/editor/editor-page.tsx'
import { WaitingScreen } from '../../../modules/editor/waiting-screen.tsx'

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params
  return (
    <AuthGate fallback={<WaitingScreen text="Loading" />}>
      <EditorPage projectId={projectId} />
    </AuthGate>
  )
}
