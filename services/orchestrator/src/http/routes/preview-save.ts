import type { Handler } from '../route.ts'

export const previewSave: Handler<'previewSave'> = async ({ principal, params }, { sessions }) => ({
  status: 200,
  body: await sessions.previewSave(principal.userId, params.id),
})
