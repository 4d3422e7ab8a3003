import { z } from 'zod'
import { bootId, seq, sessionId, timestamp } from './ids.ts'

/**
 * Set by the agent on every line and event of a session. `seq` counts from 1 within a boot and has
 * no holes, which makes a loss provable at the browser.
 */
export const stamp = z.object({ session: sessionId, bootId, seq, at: timestamp })
export type Stamp = z.infer<typeof stamp>

/** Where a reader stands in a session's feed. */
export const position = z.object({ bootId, seq: z.int().nonnegative() })
export type Position = z.infer<typeof position>
