import type { Handler } from '../route.ts'

export const patchProject: Handler<'patchProject'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  const { name, settings } = call.body
  return { status: 200, body: await projects.patch(which, { name, settings: settings ?? {} }) }
}
