import type { ProjectView } from '@vessel/proto/http/project-view'

/** The title of the tab, as `metadata` makes it for the other pages. */
export const editorTitle = ({ name }: Pick<ProjectView, 'name'>): string => `${name} · Vessel`
