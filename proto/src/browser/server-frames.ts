import { z } from 'zod'
import { errorCode } from '../error-shape.ts'
import { bootId, seq, userId } from '../ids.ts'
import { position } from '../stamp.ts'
import { deliveryCounters } from './delivery-counters.ts'
import { topicItem } from './topic-items.ts'

const frameId = z.int().nonnegative()
const topic = z.string().max(100)

export const helloFrame = z.object({
  type: z.literal('hello'),
  protocolVersion: z.int().positive(),
  connectionId: z.uuid(),
  userId,
  isAdmin: z.boolean(),
  heartbeatMs: z.int().positive(),
  tokenExpiresInMs: z.int().nonnegative(),
})

/**
 * Answer to `sub`. `recovered: true` means that nothing between `since` and now is missing from
 * the items that follow; false, that the reader must forget what it had and start from them.
 */
export const okFrame = z.object({
  type: z.literal('ok'),
  id: frameId,
  topic,
  recovered: z.boolean(),
  head: position.nullable(),
})
export const eventsFrame = z.object({
  type: z.literal('events'),
  topic,
  items: z.array(topicItem).max(1_000),
})
/** Items `from` to `to` of this boot are not to be had any more. Shown to the reader as a gap. */
export const gapFrame = z.object({ type: z.literal('gap'), topic, bootId, from: seq, to: seq })

export const presenceMember = z.object({
  userId,
  name: z.string().max(200),
  state: z.enum(['dashboard', 'boot', 'editor', 'away']),
})
export const presenceNotice = z.object({
  type: z.literal('presence'),
  topic,
  join: z.array(presenceMember).max(200),
  leave: z.array(userId).max(200),
  list: z.array(presenceMember).max(200).optional(),
})
export const errorFrame = z.object({
  type: z.literal('error'),
  id: frameId.optional(),
  code: errorCode,
  message: z.string(),
})
export const pongFrame = z.object({ type: z.literal('pong'), id: frameId.optional() })
export const byeFrame = z.object({
  type: z.literal('bye'),
  code: z.int(),
  reconnect: z.boolean(),
  retryAfterMs: z.int().nonnegative().optional(),
})
/** Answer to `debug`: of this connection alone. */
export const debugAnswer = z.object({
  type: z.literal('debug'),
  id: frameId,
  counters: deliveryCounters,
})

export const serverFrame = z.discriminatedUnion('type', [
  helloFrame,
  okFrame,
  eventsFrame,
  gapFrame,
  presenceNotice,
  errorFrame,
  pongFrame,
  byeFrame,
  debugAnswer,
])
export type ServerFrame = z.infer<typeof serverFrame>
