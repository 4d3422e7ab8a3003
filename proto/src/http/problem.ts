import { z } from 'zod'
import { errorCode } from '../error-shape.ts'

/** RFC 9457 problem document: the body of every error. `code` is stable, `title` is for people. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: errorCode,
  detail: z.string().optional(),
  instance: z.string().optional(),
  traceId: z.string().optional(),
  retryAfterMs: z.int().nonnegative().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problem>
export const PROBLEM_CONTENT_TYPE = 'application/problem+json'
