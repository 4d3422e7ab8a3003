import { z } from 'zod'
import { gitSource } from '../git.ts'
import { timestamp } from '../ids.ts'
import { projectName, projectSettings, projectView, template } from './project-view.ts'

export const listProjectsQuery = z.object({
  search: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(200).optional(),
  deleted: z.enum(['only']).optional(),
})
export const listProjectsReply = z.object({
  items: z.array(projectView),
  nextCursor: z.string().nullable(),
})

export const createProjectBody = z.object({
  name: projectName,
  template: template.default('blank'),
  /** Cloned when the project is opened first; the template is left aside. */
  git: gitSource.optional(),
  settings: projectSettings.partial().optional(),
})
export type CreateProjectBody = z.infer<typeof createProjectBody>

export const patchProjectBody = z
  .object({ name: projectName, settings: projectSettings.partial() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'nothing to change')

/** A deleted project can be brought back until `purgeAt`. */
export const deleteProjectReply = z.object({ purgeAt: timestamp })

export const importProjectQuery = z.object({ name: projectName })

export const versionView = z.object({
  id: z.uuid(),
  kind: z.enum(['head', 'earlier', 'recovery', 'pending']),
  savedAt: timestamp,
  bytes: z.int().nonnegative(),
  entries: z.int().nonnegative(),
  format: z.string(),
  isCheckpoint: z.boolean(),
})
export type VersionView = z.infer<typeof versionView>
export const listVersionsReply = z.object({ items: z.array(versionView) })
export const downloadReply = z.object({ url: z.url(), expiresInMs: z.int() })
