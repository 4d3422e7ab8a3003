import type { refreshFrame } from '@vessel/proto/browser/client-frames'
import { VesselError } from '@vessel/proto/errors'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'
import type { HubContext } from '../context.ts'
import { sendHello } from './auth.ts'

/** A fresh token for the same user. `hello` is sent again, with the new time it runs out. */
export function onRefresh(
  ctx: HubContext,
  connection: Connection,
  frame: z.infer<typeof refreshFrame>,
): void {
  refresh(ctx, connection, frame.token).catch((cause) => {
    // The old token is good until it runs out: time enough to send another.
    const error = VesselError.from(cause)
    connection.sendError(error.code, error.message)
  })
}

async function refresh(ctx: HubContext, connection: Connection, token: string): Promise<void> {
  const viewer = await ctx.domain.verifyToken(token)
  if (connection.isClosed || !connection.viewer) return
  // What this connection watches was allowed to someone else.
  if (viewer.userId !== connection.viewer.userId) return connection.close('revoked')
  connection.viewer = viewer
  sendHello(ctx, connection, viewer)
}
