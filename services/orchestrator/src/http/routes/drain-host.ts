import type { Handler } from '../route.ts'

export const drainHost: Handler<'drainHost'> = async ({ principal, params }, { hosts }) => ({
  status: 202,
  body: { hostId: params.id, isDraining: await hosts.drain(params.id, principal.userId) },
})
