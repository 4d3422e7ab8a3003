import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

/** Once a second, over all connections: one timer instead of several for each of thousands. */
export function tick(ctx: HubContext): void {
  const nowMs = ctx.clock.now()
  for (const connection of ctx.connections) tickConnection(ctx, connection, nowMs)
  ctx.limiter.sweep(nowMs)
}

function tickConnection({ limits }: HubContext, connection: Connection, nowMs: number): void {
  const { viewer } = connection
  if (!viewer) {
    const isLate = nowMs - connection.openedAtMs >= limits.authWithinMs
    if (isLate) connection.close('unauthenticated')
    return
  }
  if (nowMs >= viewer.expiresAtMs) {
    connection.close('expired')
    return
  }
  if (nowMs - connection.lastSeenMs >= limits.deadAfterMs) {
    connection.close('dead')
    return
  }
  if (nowMs - connection.lastPingMs >= limits.heartbeatMs) connection.ping()
}
