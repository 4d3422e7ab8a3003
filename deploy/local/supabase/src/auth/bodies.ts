import { z } from 'zod'
import { authErrors } from './auth-error.ts'

const metadata = z.record(z.string(), z.unknown())
const text = z.string().max(1_000)

export const signUpBody = z.object({
  email: text,
  password: text,
  data: metadata.nullish(),
})
export const passwordGrantBody = z.object({ email: text, password: text })
export const refreshGrantBody = z.object({ refresh_token: text })
export const userChangeBody = z.object({
  email: text.optional(),
  password: text.optional(),
  data: metadata.optional(),
})
export const recoverBody = z.object({ email: text })
export const verifyBody = z.object({
  type: text,
  token_hash: text.optional(),
  token: text.optional(),
})
export const adminUserBody = z.object({
  id: z.uuid().optional(),
  email: text.optional(),
  password: text.optional(),
  app_metadata: metadata.optional(),
  user_metadata: metadata.optional(),
  ban_duration: text.optional(),
})

/** Parses a body by its schema; GoTrue's error names the first field that is wrong. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw authErrors.invalid(`${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`)
}
