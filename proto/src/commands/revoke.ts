import { z } from 'zod'
import { epoch, sessionId } from '../ids.ts'
import { defineCommand } from '../message.ts'

/** Takes tickets back before they expire: at log-out everywhere, or when a share ends. */
export const revoke = defineCommand('revoke', 'Take tickets of a session back.', {
  request: z.object({ session: sessionId, epoch, ticketIds: z.array(z.uuid()).min(1).max(1_000) }),
  reply: z.object({ revoked: z.int().nonnegative() }),
})
