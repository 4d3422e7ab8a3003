import type { Handler } from '../route.ts'

/** Never waits for a machine: `processing` means the wish is written down. */
export const boot: Handler<'boot'> = async ({ principal, body, traceparent }, { sessions }) => {
  const { projectId } = body
  const session = await sessions.boot({ userId: principal.userId, projectId, traceparent })
  if (session.state === 'ready' && session.url !== null) {
    return { status: 200, body: { status: 'active', url: session.url, session } }
  }
  return { status: 202, body: { status: 'processing', jobId: session.id, session } }
}
