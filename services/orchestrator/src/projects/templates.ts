import { join } from 'node:path'
import type { Template } from '@vessel/proto/http/project-view'
import type { NewFiles } from './new-files.ts'
import { zipFolder } from './zip-folder.ts'

export interface Templates {
  /** The template's files as a zip. */
  files(template: Template): Promise<NewFiles>
}

/** Reads `<dir>/<template>` at its first use and keeps the zip: a template is some kilobytes. */
export function createTemplates(dir: string): Templates {
  const known = new Map<Template, Promise<NewFiles>>()
  return {
    files(template) {
      const kept = known.get(template)
      if (kept) return kept
      const made = zipFolder(join(dir, template))
      known.set(template, made)
      // A folder that could not be read is tried again by the next.
      made.catch(() => known.delete(template))
      return made
    },
  }
}
