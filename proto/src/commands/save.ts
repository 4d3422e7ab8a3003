import { z } from 'zod'
import { epoch, opId, sessionId, traceparent } from '../ids.ts'
import { defineCommand, type RequestOf } from '../message.ts'

/** Takes a checkpoint now. The machine keeps running; a `saved` event tells the end. */
export const save = defineCommand('save', 'Take a checkpoint of a running session.', {
  request: z.object({
    opId,
    session: sessionId,
    epoch,
    traceparent: traceparent.optional(),
  }),
  reply: z.object({ accepted: z.literal(true) }),
})
export type SaveCommand = RequestOf<typeof save>
