import type { authFrame } from '@vessel/proto/browser/client-frames'
import { VesselError } from '@vessel/proto/errors'
import { PROTOCOL_VERSION } from '@vessel/proto/version'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'
import type { HubContext } from '../context.ts'
import type { VerifiedToken } from '../ports.ts'

/** Who is it? Everything else a client sends waits for the answer. */
export async function onAuth(
  ctx: HubContext,
  connection: Connection,
  frame: z.infer<typeof authFrame>,
): Promise<void> {
  let viewer: VerifiedToken
  try {
    viewer = await ctx.domain.verifyToken(frame.token)
  } catch (cause) {
    return refuse(connection, VesselError.from(cause))
  }
  if (connection.isClosed) return
  if (viewer.expiresAtMs <= ctx.clock.now()) {
    return refuse(connection, new VesselError('TOKEN_EXPIRED'))
  }

  const ofUser = ctx.byUser.get(viewer.userId) ?? []
  if (ofUser.length >= ctx.limits.connectionsPerUserMax) return connection.close('overloaded')
  ctx.byUser.set(viewer.userId, ofUser.concat(connection))
  ctx.unauthenticated.delete(connection)
  connection.viewer = viewer
  sendHello(ctx, connection, viewer)
}

/**
 * An expired token may be followed by a good one, so the page may come back; a wrong one will be
 * as wrong the next time. When the check itself is down, nobody is to blame.
 */
function refuse(connection: Connection, error: VesselError): void {
  connection.sendError(error.code, error.message)
  if (error.kind !== 'refused') {
    connection.close('overloaded')
    return
  }
  connection.close(error.code === 'TOKEN_EXPIRED' ? 'expired' : 'unauthenticated')
}

export function sendHello(ctx: HubContext, connection: Connection, viewer: VerifiedToken): void {
  connection.send({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    connectionId: connection.id,
    userId: viewer.userId,
    isAdmin: viewer.isAdmin,
    heartbeatMs: ctx.limits.heartbeatMs,
    tokenExpiresInMs: Math.max(0, Math.round(viewer.expiresAtMs - ctx.clock.now())),
  })
}
