import { z } from 'zod'
import { ERRORS, type ErrorCode } from './errors.ts'

export const errorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]])

/** An error as it crosses a process: what both sides may rely on. */
export const errorShape = z.object({
  code: errorCode,
  message: z.string().max(2_000),
  retryAfterMs: z.int().nonnegative().optional(),
  /** Paths of the faulty fields, when the code is VALIDATION. */
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .max(100)
    .optional(),
})
export type ErrorShape = z.infer<typeof errorShape>
