import type { Handler } from '../route.ts'

export const listProjects: Handler<'listProjects'> = async ({ principal, query }, { projects }) => {
  const page = await projects.list({
    userId: principal.userId,
    search: query.search,
    isDeleted: query.deleted === 'only',
    page: { limit: query.limit, cursor: query.cursor },
  })
  return { status: 200, body: { items: [...page.items], nextCursor: page.nextCursor } }
}
