import { z } from 'zod'
import { projectId, projectSlug, timestamp } from '../ids.ts'
import { environment, machineSpec } from '../machine.ts'
import { sessionView } from './session-view.ts'

export const TEMPLATES = ['blank', 'node', 'react', 'python', 'static'] as const
export const template = z.enum(TEMPLATES)
export type Template = z.infer<typeof template>

/** Where the first files came from. */
export const projectOrigin = z.enum([...TEMPLATES, 'import', 'git'])

export const projectName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters')

export const projectSettings = z.object({
  spec: machineSpec,
  /** Null: the operator's default. */
  idleStopMs: z.int().min(60_000).max(86_400_000).nullable(),
  countRunningCommand: z.boolean(),
  ignore: z.array(z.string().max(1_024)).max(1_000),
  environment,
})
export type ProjectSettings = z.infer<typeof projectSettings>

export const projectView = z.object({
  id: projectId,
  name: z.string(),
  slug: projectSlug,
  template: projectOrigin,
  /** Where it was cloned from, for projects from a repository. */
  git: z.object({ url: z.string(), ref: z.string().nullable() }).nullable().default(null),
  /** Rises with every change; an older view never replaces a newer one. */
  revision: z.int().nonnegative(),
  createdAt: timestamp,
  updatedAt: timestamp,
  deletedAt: timestamp.nullable(),
  /** The files as last made final. */
  head: z
    .object({ savedAt: timestamp, bytes: z.int().nonnegative(), entries: z.int().nonnegative() })
    .nullable(),
  settings: projectSettings,
  /** The live session, or the last one. Null: never opened. */
  session: sessionView.nullable(),
})
export type ProjectView = z.infer<typeof projectView>
