import { z } from 'zod'
import { archiveFormat } from '../archive.ts'
import { epoch, seq, sessionId, sha256 } from '../ids.ts'
import { defineRequest, type ReplyOf, type RequestOf } from '../message.ts'

/** Asks where to put an archive. Asking again for the same archive renews an expired URL. */
export const uploadUrl = defineRequest('upload-url', 'Ask where to upload an archive.', {
  request: z.object({
    session: sessionId,
    epoch,
    seq,
    sha256,
    bytes: z.int().positive(),
    format: archiveFormat,
  }),
  reply: z.object({
    path: z.string().max(500),
    /** One PUT of the whole body. */
    single: z.object({ method: z.literal('PUT'), url: z.url() }),
    /** TUS 1.0 with the signature in `x-signature`, for bodies above RESUMABLE_ABOVE_BYTES. */
    resumable: z
      .object({
        endpoint: z.url(),
        signature: z.string(),
        bucket: z.string(),
        objectName: z.string(),
      })
      .nullable(),
    /** The object is there already, in full: nothing to upload. */
    isStored: z.boolean(),
    expiresInMs: z.int().positive(),
  }),
})
export type UploadUrlRequest = RequestOf<typeof uploadUrl>
export type UploadUrlReply = ReplyOf<typeof uploadUrl>
