import type { SessionView } from '@vessel/proto/http/session-view'
import type { SessionState } from '@vessel/proto/session-state'

/**
 * What the editor's address shows. closed: nothing runs and nobody asked. asking: the start was
 * asked for and has not been answered. gone: over, and here is why.
 */
export type EditorView = 'closed' | 'asking' | 'boot' | 'ide' | 'saving' | 'gone'

const VIEWS: Record<SessionState, EditorView> = {
  requested: 'boot',
  placing: 'boot',
  starting: 'boot',
  ready: 'ide',
  saving: 'saving',
  stopped: 'gone',
  failed: 'gone',
  lost: 'gone',
}

export function editorView(session: SessionView | null, isAsking: boolean): EditorView {
  if (session === null) return isAsking ? 'asking' : 'closed'
  const view = VIEWS[session.state]
  if (view !== 'gone') return view
  if (isAsking) return 'asking'
  // One that failed before it was ever ready is told where its start was watched.
  return session.state === 'failed' && session.readyAt === null ? 'boot' : 'gone'
}
