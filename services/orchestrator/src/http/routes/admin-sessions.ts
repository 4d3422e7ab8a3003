import type { Handler } from '../route.ts'

export const adminSessions: Handler<'adminSessions'> = async ({ query }, { sessions }) => {
  const page = await sessions.listAll({ limit: query.limit, cursor: query.cursor })
  return { status: 200, body: { items: [...page.items], nextCursor: page.nextCursor } }
}
