import { z } from 'zod'
import { visitorId } from '../ids.ts'
import { defineRequest } from '../message.ts'

/** Ids in one question; a host with more visitors asks several. */
export const VISITORS_ASKED_MAX = 1_000
/** How often a host asks about those it let in. */
export const VISITORS_LOOK_EVERY_MS = 3_000

/**
 * Asks which of these visitors may not come in any more: their login has ended, their token was
 * deleted or has run out, or their account is shut out. The answer is how things stand, not what
 * happened: asking again is always right, and who is not named may come in.
 */
export const endedVisitors = defineRequest(
  'ended-visitors',
  'Ask which visitors may not come in any more.',
  {
    request: z.object({ visitors: z.array(visitorId).min(1).max(VISITORS_ASKED_MAX) }),
    reply: z.object({ ended: z.array(visitorId).max(VISITORS_ASKED_MAX) }),
  },
)
