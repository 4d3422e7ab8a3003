import { z } from 'zod'
import { archiveFormat } from '../archive.ts'
import { epoch, seq, sessionId, sha256 } from '../ids.ts'
import { defineRequest, type ReplyOf, type RequestOf } from '../message.ts'

/**
 * Asks to make an uploaded archive the head of its project.
 *
 * `head`: it is the head. `recovery`: a newer run exists; the archive is kept as a recovery version
 * the user can restore. In both cases the files are safe and the volume may go. Any error: they are
 * not, and the volume MUST stay. Asking twice for one archive has one effect.
 */
export const commit = defineRequest('commit', 'Make an uploaded archive the head.', {
  request: z.object({
    session: sessionId,
    epoch,
    seq,
    kind: z.enum(['checkpoint', 'final']),
    path: z.string().max(500),
    sha256,
    bytes: z.int().positive(),
    format: archiveFormat,
    entries: z.int().nonnegative(),
    unpackedBytes: z.int().nonnegative(),
  }),
  reply: z.object({ result: z.enum(['head', 'recovery']) }),
})
export type CommitRequest = RequestOf<typeof commit>
export type CommitReply = ReplyOf<typeof commit>
