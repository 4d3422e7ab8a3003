'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import type { FeedState } from '../../live/feed-reducer.ts'
import { EditorBar } from './bar/editor-bar.tsx'
import { IdeFrame } from './ide-frame.tsx'
import { IdleDialog } from './idle/idle-dialog.tsx'
import { ReturnFrame } from './return-frame.tsx'
import { SavingOverlay } from './saving-overlay.tsx'
import type { EditorControls } from './use-editor.ts'
import { useHeartbeat } from './use-heartbeat.ts'
import { useLeaveGuard } from './use-leave-guard.ts'
import { useTicket } from './use-ticket.ts'

interface WorkspaceProps {
  project: ProjectView
  session: SessionView
  feed: FeedState
  controls: EditorControls
}

/** VS Code full-screen with the session's bar over it, and the save over both. */
export function Workspace({ project, session, feed, controls }: WorkspaceProps) {
  const ticket = useTicket(session.id)
  const isSaving = session.state === 'saving'
  useHeartbeat(project.id, session.state === 'ready')
  useLeaveGuard(isSaving || controls.isLeaving)
  return (
    <main className="fixed inset-0 overflow-hidden">
      <h1 className="sr-only">{project.name}</h1>
      <div inert={isSaving} className="absolute inset-0">
        <IdeFrame session={session.id} ticket={ticket} />
        <ReturnFrame session={session.id} />
        <EditorBar
          project={project}
          session={session}
          feed={feed}
          isLeaving={controls.isLeaving}
          onLeave={controls.leave}
          onReload={ticket.renew}
        />
      </div>
      {!controls.isLeaving && <IdleDialog project={project} session={session} />}
      {isSaving && (
        <SavingOverlay session={session} feed={feed} isDiscarding={controls.isDiscarding} />
      )}
    </main>
  )
}
