import type { Handler } from '../route.ts'

export const listVersions: Handler<'listVersions'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  return { status: 200, body: { items: [...(await projects.versions(which))] } }
}
