import type { Handler } from '../route.ts'

export const drainHost: Handler<'drainHost'> = async ({ params }, { hosts }) => ({
  status: 202,
  body: { hostId: params.id, isDraining: await hosts.drain(params.id) },
})
