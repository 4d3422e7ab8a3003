import { z } from 'zod'
import { archiveSource } from '../archive.ts'
import { epoch, sessionId } from '../ids.ts'
import { defineRequest } from '../message.ts'

/** Renews the signed URL of the archive a session starts from. */
export const downloadUrl = defineRequest('download-url', 'Renew the URL of the start archive.', {
  request: z.object({ session: sessionId, epoch }),
  reply: z.object({ archive: archiveSource.nullable() }),
})
