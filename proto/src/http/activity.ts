import { z } from 'zod'
import { projectId, sessionId, timestamp } from '../ids.ts'

/** One entry of the audit, as the owner of the project may read it. */
export const activityView = z.object({
  id: z.int().positive(),
  at: timestamp,
  /** `session.<state>` or `project.<what happened>`. */
  action: z.string().max(100),
  projectId: projectId.nullable(),
  sessionId: sessionId.nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type ActivityView = z.infer<typeof activityView>

export const listActivityQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Entries older than this one. */
  before: z.coerce.number().int().positive().optional(),
})
export const listActivityReply = z.object({
  items: z.array(activityView),
  nextBefore: z.int().positive().nullable(),
})
