import { z } from 'zod'
import { opId } from '../ids.ts'
import { defineCommand } from '../message.ts'

/** The host bids again after a drain. */
export const resume = defineCommand('resume', 'Let a drained host take sessions again.', {
  request: z.object({ opId }),
  reply: z.object({ draining: z.literal(false) }),
})
