import { DEFAULT_KEEP_AWAKE_MS } from '../limits.ts'
import type { Handler } from '../route.ts'

export const heartbeat: Handler<'heartbeat'> = async ({ principal, body }, { sessions }) => {
  const isKeepAwake = body.source === 'keep-awake'
  const session = await sessions.heartbeat({
    userId: principal.userId,
    projectId: body.projectId,
    keepAwakeMs: isKeepAwake ? (body.keepAwakeMs ?? DEFAULT_KEEP_AWAKE_MS) : undefined,
  })
  return { status: 200, body: { session } }
}
