import { z } from 'zod'
import { projectId, sessionId } from '../ids.ts'
import { sessionView } from './session-view.ts'

export const bootBody = z.object({ projectId })

/** 202: on its way; watch topic `session:<jobId>`. */
export const bootProcessing = z.object({
  status: z.literal('processing'),
  jobId: sessionId,
  session: sessionView,
})
/** 200: it was up already. */
export const bootActive = z.object({
  status: z.literal('active'),
  url: z.url(),
  session: sessionView,
})

export const shutdownBody = z.object({ projectId, discard: z.boolean().default(false) })
export const shutdownReply = z.object({ status: z.literal('processing'), session: sessionView })

export const heartbeatBody = z.object({
  projectId,
  source: z.enum(['input', 'keep-awake']).default('input'),
  /** With `keep-awake`: for how long from now. */
  keepAwakeMs: z.int().min(60_000).max(28_800_000).optional(),
})
export const heartbeatReply = z.object({ session: sessionView })

/** `inactive`: no live session. `active`: ready to be opened. */
export const statusReply = z.object({
  status: z.enum(['inactive', 'processing', 'active', 'stopping', 'failed']),
  session: sessionView.nullable(),
})

export const listSessionsReply = z.object({
  items: z.array(sessionView),
  nextCursor: z.string().nullable(),
})

export const ticketBody = z.object({ port: z.int().min(1).max(65_535).optional() })
/** Navigate the iframe (or a new tab) to `url` within `expiresInMs`; it works once. */
export const ticketReply = z.object({ url: z.url(), expiresInMs: z.int().positive() })
