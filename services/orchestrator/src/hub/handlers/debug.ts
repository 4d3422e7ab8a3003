import type { debugFrame } from '@vessel/proto/browser/client-frames'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'

/** What this connection was sent and not sent: nobody has to guess where a line has gone. */
export function onDebug(connection: Connection, { id }: z.infer<typeof debugFrame>): void {
  connection.send({ type: 'debug', id, counters: connection.delivery() })
}
