import type { Handler } from '../route.ts'

export const ticket: Handler<'ticket'> = async ({ principal, params, body }, { sessions }) => ({
  status: 200,
  body: await sessions.ticket({
    userId: principal.userId,
    sessionId: params.id,
    visitor: principal.visitor,
    port: body.port,
  }),
})
