import type { Handler } from '../route.ts'

export const restoreVersion: Handler<'restoreVersion'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  return { status: 200, body: await projects.restore(which, call.params.version) }
}
