import type { Handler } from '../route.ts'

export const resumeHost: Handler<'resumeHost'> = async ({ principal, params }, { hosts }) => ({
  status: 200,
  body: { hostId: params.id, isDraining: await hosts.resume(params.id, principal.userId) },
})
