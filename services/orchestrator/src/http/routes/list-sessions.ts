import type { Handler } from '../route.ts'

export const listSessions: Handler<'listSessions'> = async (call, { sessions }) => {
  const { limit, cursor } = call.query
  const page = await sessions.list(call.principal.userId, { limit, cursor })
  return { status: 200, body: { items: [...page.items], nextCursor: page.nextCursor } }
}
