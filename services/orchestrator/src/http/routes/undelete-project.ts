import type { Handler } from '../route.ts'

export const undeleteProject: Handler<'undeleteProject'> = async (call, { projects }) => ({
  status: 200,
  body: await projects.undelete({ userId: call.principal.userId, projectId: call.params.id }),
})
