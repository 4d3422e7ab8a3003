import { z } from 'zod'
import { epoch, opId, sessionId, traceparent } from '../ids.ts'
import { defineCommand, type RequestOf } from '../message.ts'
import { endReason } from '../reasons.ts'

/**
 * Ends a session. With `save` the machine is destroyed only after its files are committed; with
 * `discard` nothing is saved, which only the user may ask for. The reply means "written down".
 */
export const stop = defineCommand('stop', 'Save and end a session, or discard it.', {
  request: z.object({
    opId,
    session: sessionId,
    epoch,
    mode: z.enum(['save', 'discard']),
    reason: endReason,
    traceparent: traceparent.optional(),
  }),
  reply: z.object({ state: z.enum(['stopping', 'stopped']) }),
})
export type StopCommand = RequestOf<typeof stop>
