import type { Handler } from '../route.ts'

export const download: Handler<'download'> = async ({ principal, params }, { projects }) => ({
  status: 200,
  body: await projects.download({ userId: principal.userId, projectId: params.id }),
})
