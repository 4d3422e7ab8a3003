import { ADMIN_SCENES } from './admin.ts'
import { AUTH_SCENES } from './auth.ts'
import { BOOT_SCENES } from './boot.ts'
import { EDITOR_SCENES } from './editor.ts'
import { PROJECT_SCENES } from './project.ts'
import { PROJECTS_SCENES } from './projects.ts'
import type { Scene } from './scene.ts'

/** Every page in every state it can be in. */
export const SCENES: readonly Scene[] = [
  ...AUTH_SCENES,
  ...PROJECTS_SCENES,
  ...PROJECT_SCENES,
  ...BOOT_SCENES,
  ...EDITOR_SCENES,
  ...ADMIN_SCENES,
]
