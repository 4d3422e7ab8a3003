import { z } from 'zod'
import { opId } from '../ids.ts'
import { defineCommand } from '../message.ts'

/** The host takes no new sessions and saves and stops those it has, one by one. */
export const drain = defineCommand('drain', 'Empty a host, one session at a time.', {
  request: z.object({ opId }),
  reply: z.object({ sessionCount: z.int().nonnegative() }),
})
