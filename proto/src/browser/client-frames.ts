import { z } from 'zod'
import { position } from '../stamp.ts'

const frameId = z.int().nonnegative()
const topic = z.string().max(100)
const token = z.string().max(8_192)

/** First frame of a connection, within 10 s. */
export const authFrame = z.object({ type: z.literal('auth'), token })

/** Watch a topic. With `since`, everything after that position is replayed first. */
export const subFrame = z.object({
  type: z.literal('sub'),
  id: frameId,
  topic,
  since: position.optional(),
})
export const unsubFrame = z.object({ type: z.literal('unsub'), id: frameId, topic })
export const pingFrame = z.object({ type: z.literal('ping'), id: frameId.optional() })
export const presenceFrame = z.object({
  type: z.literal('presence'),
  topic,
  state: z.enum(['dashboard', 'boot', 'editor', 'away']),
})
/** A fresh token for the same user, in place. */
export const refreshFrame = z.object({ type: z.literal('refresh'), token })
/** What was I sent and not sent? */
export const debugFrame = z.object({ type: z.literal('debug'), id: frameId })

export const clientFrame = z.discriminatedUnion('type', [
  authFrame,
  subFrame,
  unsubFrame,
  pingFrame,
  presenceFrame,
  refreshFrame,
  debugFrame,
])
export type ClientFrame = z.infer<typeof clientFrame>
