import { z } from 'zod'
import { savePreview } from '../guest/api.ts'
import { epoch, sessionId } from '../ids.ts'
import { defineCommand } from '../message.ts'

/** Looks, and changes nothing: so it needs no `opId`. */
export const preview = defineCommand('preview', 'Tell what a save would hold now.', {
  request: z.object({ session: sessionId, epoch }),
  reply: savePreview,
})
