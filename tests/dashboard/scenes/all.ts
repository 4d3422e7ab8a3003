import { ACCOUNT_SCENES } from './account.ts'
import { ADMIN_SCENES } from './admin.ts'
import { AUTH_SCENES } from './auth.ts'
import { BOOT_SCENES } from './boot.ts'
import { EDITOR_SCENES } from './editor.ts'
import { PROJECT_SCENES } from './project.ts'
import { PROJECTS_SCENES } from './projects.ts'
import type { Scene } from './scene.ts'

/** Where one looks around. */
export const PAGE_SCENES: readonly Scene[] = [
  ...AUTH_SCENES,
  ...PROJECTS_SCENES,
  ...ACCOUNT_SCENES,
  ...ADMIN_SCENES,
]

/** One project, and its session from the start to the save. */
export const SESSION_SCENES: readonly Scene[] = [
  ...PROJECT_SCENES,
  ...BOOT_SCENES,
  ...EDITOR_SCENES,
]

/** Every page in every state it can be in. */
export const SCENES: readonly Scene[] = [...PAGE_SCENES, ...SESSION_SCENES]
