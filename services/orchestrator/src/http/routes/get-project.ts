import type { Handler } from '../route.ts'

export const getProject: Handler<'getProject'> = async ({ principal, params }, { projects }) => ({
  status: 200,
  body: await projects.get({ userId: principal.userId, projectId: params.id }),
})
