import type { CloseReason } from '@vessel/proto/browser/close-codes'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'

/**
 * Once a second, over all connections: one timer instead of several for each of thousands. True
 * when more are to be closed than may be at once: thousands would keep everybody else waiting.
 */
export function tick(ctx: HubContext): boolean {
  const nowMs = ctx.clock.now()
  let closed = 0
  let isMoreToClose = false
  for (const connection of ctx.connections) {
    const reason = reasonToClose(ctx, connection, nowMs)
    if (!reason) pingWhenDue(ctx, connection, nowMs)
    else if (closed === ctx.limits.closesAtOnceMax) isMoreToClose = true
    else {
      connection.close(reason)
      closed += 1
    }
  }
  ctx.limiter.sweep(nowMs)
  return isMoreToClose
}

function reasonToClose(
  { limits, domain }: HubContext,
  { viewer, openedAtMs, lastSeenMs }: Connection,
  nowMs: number,
): CloseReason | undefined {
  if (!viewer) return nowMs - openedAtMs >= limits.authWithinMs ? 'unauthenticated' : undefined
  if (domain.hasEnded(viewer)) return 'revoked'
  if (nowMs >= viewer.expiresAtMs) return 'expired'
  return nowMs - lastSeenMs >= limits.deadAfterMs ? 'dead' : undefined
}

function pingWhenDue({ limits }: HubContext, connection: Connection, nowMs: number): void {
  if (connection.viewer && nowMs - connection.lastPingMs >= limits.heartbeatMs) connection.ping()
}
