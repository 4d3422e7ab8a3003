import { z } from 'zod'
import { hostId, traceparent } from '../ids.ts'
import { stamp } from '../stamp.ts'
import { stepName } from '../steps.ts'
import { lifecycleEvent } from './lifecycle.ts'

/** One line of console or tool output. Cut by the agent; `isCut` says so. */
export const LINE_CHARS_MAX = 4_096
export const logLine = z.object({
  kind: z.literal('line'),
  source: z.enum(['agent', 'console', 'guest', 'ide', 'user']),
  level: z.enum(['info', 'warn', 'error']),
  text: z.string().max(LINE_CHARS_MAX),
  isCut: z.boolean().optional(),
  /** Lines dropped before this one by flood control: a gap that is shown, not hidden. */
  linesDropped: z.int().positive().optional(),
})

/** A step began, moved or ended. */
export const stepLine = z.object({
  kind: z.literal('step'),
  step: stepName,
  state: z.enum(['started', 'progress', 'done', 'skipped', 'failed']),
  durationMs: z.int().nonnegative().optional(),
  /** 0 to 1, when the step can tell. */
  fraction: z.number().min(0).max(1).optional(),
  detail: z.string().max(500).optional(),
})

const eventLine = z.object({ kind: z.literal('event'), event: lifecycleEvent })

const feedBody = z.discriminatedUnion('kind', [logLine, stepLine, eventLine])
export type FeedBody = z.infer<typeof feedBody>

/**
 * One item of a session's feed, in the order the agent wrote it. The log stream holds all of them,
 * lifecycle events included, so that this one stream is complete: `seq` has no holes in it.
 */
export const feedItem = z.intersection(
  stamp.extend({ host: hostId, traceparent: traceparent.optional() }),
  feedBody,
)
export type FeedItem = z.infer<typeof feedItem>

/** What stands in the event stream: the same event under the same stamp, for the orchestrators. */
export const stampedEvent = stamp.extend({
  host: hostId,
  traceparent: traceparent.optional(),
  event: lifecycleEvent,
})
export type StampedEvent = z.infer<typeof stampedEvent>
