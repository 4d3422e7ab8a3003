import type { Handler } from '../route.ts'

export const adminHosts: Handler<'adminHosts'> = async (_call, { hosts }) => ({
  status: 200,
  body: { items: [...hosts.list()] },
})
