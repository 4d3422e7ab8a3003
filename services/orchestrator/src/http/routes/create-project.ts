import type { Handler } from '../route.ts'

export const createProject: Handler<'createProject'> = async (call, { projects }) => {
  const { name, template, settings, git = null } = call.body
  const { userId } = call.principal
  return {
    status: 201,
    body: await projects.create({
      userId,
      name,
      template,
      settings: settings ?? {},
      git,
      key: call.key,
    }),
  }
}
