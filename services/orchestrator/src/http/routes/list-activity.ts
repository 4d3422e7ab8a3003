import type { Handler } from '../route.ts'

export const listActivity: Handler<'listActivity'> = async (call, { projects }) => {
  const which = { userId: call.principal.userId, projectId: call.params.id }
  const { limit, before } = call.query
  // One more than asked for tells whether there is an older one.
  const found = await projects.activity(which, { limit: limit + 1, before })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    status: 200,
    body: { items, nextBefore: found.length > limit && last ? last.id : null },
  }
}
