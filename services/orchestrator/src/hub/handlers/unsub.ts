import type { unsubFrame } from '@vessel/proto/browser/client-frames'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'

/** Not watching it is not an error: an answer to a `sub` may have crossed it on the way. */
export function onUnsub(connection: Connection, { topic }: z.infer<typeof unsubFrame>): void {
  connection.unwatch(topic)
}
