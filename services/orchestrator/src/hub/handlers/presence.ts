import type { presenceFrame } from '@vessel/proto/browser/client-frames'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'
import type { HubContext } from '../context.ts'

/** Where on a project this browser is. Only for a project it watches: that was authorised. */
export function onPresence(
  _ctx: HubContext,
  connection: Connection,
  { topic: name, state }: z.infer<typeof presenceFrame>,
): void {
  const topic = connection.topic(name)
  if (!connection.viewer || !topic?.isOpen || !topic.room) {
    connection.sendError('BAD_REQUEST', 'Subscribe to the project first.')
    return
  }
  topic.room.enter(connection.id, connection.viewer, state)
}
