import type { SessionState } from '@vessel/proto/session-state'
import type { Handler } from '../route.ts'

/** What a page without a live connection needs to know of a state. */
const STATUS = {
  requested: 'processing',
  placing: 'processing',
  starting: 'processing',
  ready: 'active',
  saving: 'stopping',
  stopped: 'inactive',
  failed: 'failed',
  lost: 'failed',
} as const satisfies Record<SessionState, string>

export const status: Handler<'status'> = async ({ principal, params }, { sessions }) => {
  const session = await sessions.latest(principal.userId, params.projectId)
  return {
    status: 200,
    body: { status: session ? STATUS[session.state] : 'inactive', session },
  }
}
