import type { Handler } from '../route.ts'

export const adminStats: Handler<'adminStats'> = async (_call, { hosts, sessions, hub }) => ({
  status: 200,
  body: {
    hosts: hosts.list().filter(({ isAlive }) => isAlive).length,
    sessions: await sessions.counts(),
    sockets: hub.connectionCount(),
  },
})
