import type { pingFrame } from '@vessel/proto/browser/client-frames'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'

/** A browser cannot see protocol pings, so it sends its own to know that we are there. */
export function onPing(connection: Connection, { id }: z.infer<typeof pingFrame>): void {
  connection.send({ type: 'pong', ...(id === undefined ? {} : { id }) })
}
