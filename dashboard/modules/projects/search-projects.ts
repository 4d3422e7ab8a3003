import type { ProjectView } from '@vessel/proto/http/project-view'
import { badgeFor } from '../session/state-words.ts'
import { ORIGIN_WORDS } from './template-words.ts'

/** Projects in which every word of the search occurs: in name, template or state. */
export function searchProjects(
  projects: readonly ProjectView[],
  search: string,
): readonly ProjectView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return projects
  return projects.filter((project) => {
    const text = [
      project.name,
      project.slug,
      ORIGIN_WORDS[project.template].label,
      badgeFor(project.session).label,
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
