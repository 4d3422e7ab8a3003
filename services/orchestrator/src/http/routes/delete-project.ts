import type { Handler } from '../route.ts'

export const deleteProject: Handler<'deleteProject'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  const { purgeAt } = await projects.delete(which)
  return { status: 200, body: { purgeAt: purgeAt.toISOString() } }
}
