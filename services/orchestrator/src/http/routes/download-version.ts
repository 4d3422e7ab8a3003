import type { Handler } from '../route.ts'

export const downloadVersion: Handler<'downloadVersion'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  return { status: 200, body: await projects.downloadVersion(which, call.params.version) }
}
