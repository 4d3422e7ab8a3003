import { z } from 'zod'
import { epoch, opId, sessionId } from '../ids.ts'
import { defineCommand } from '../message.ts'

/** Runs a program in the guest as the workspace user, from a list of arguments, never a shell. */
export const exec = defineCommand('exec', 'Run a program in a session’s machine.', {
  request: z.object({
    opId,
    session: sessionId,
    epoch,
    argv: z.array(z.string().max(32_768)).min(1).max(256),
    timeoutMs: z.int().min(100).max(600_000).default(30_000),
  }),
  reply: z.object({
    exitCode: z.int().nullable(),
    stdout: z.string(),
    stderr: z.string(),
    isTruncated: z.boolean(),
    isTimedOut: z.boolean(),
  }),
})
