import { z } from 'zod'
import { timestamp } from '../ids.ts'

/** A device or browser on which this person is logged in. */
export const loginView = z.object({
  id: z.uuid(),
  /** The one that asks. */
  isCurrent: z.boolean(),
  userAgent: z.string().max(500).nullable(),
  address: z.string().max(100).nullable(),
  createdAt: timestamp,
  lastSeenAt: timestamp,
})
export type LoginView = z.infer<typeof loginView>
export const listLoginsReply = z.object({ items: z.array(loginView) })
export const endLoginReply = z.object({ id: z.uuid() })

/** What scripts log in with: `vsl_` and 43 characters that nobody can guess. */
export const API_TOKEN = /^vsl_[\w-]{43}$/
export const API_TOKENS_MAX = 20
export const API_TOKEN_DAYS_MAX = 365

export const apiTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Its last characters, to tell it from others. The whole is shown once and kept nowhere. */
  hint: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
  lastUsedAt: timestamp.nullable(),
})
export type ApiTokenView = z.infer<typeof apiTokenView>
export const listApiTokensReply = z.object({ items: z.array(apiTokenView) })
export const createApiTokenBody = z.object({
  name: z.string().trim().min(1).max(80),
  expiresInDays: z.int().min(1).max(API_TOKEN_DAYS_MAX).default(90),
})
export const createApiTokenReply = z.object({ token: apiTokenView, secret: z.string() })
export const deleteApiTokenReply = z.object({ id: z.uuid() })
