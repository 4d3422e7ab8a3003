import type { Handler } from '../route.ts'

export const shutdown: Handler<'shutdown'> = async ({ principal, body }, { sessions }) => {
  const session = await sessions.shutdown({
    userId: principal.userId,
    projectId: body.projectId,
    isDiscard: body.discard,
  })
  return { status: 202, body: { status: 'processing', session } }
}
