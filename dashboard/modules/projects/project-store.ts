import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { ProjectShelf } from './project-shelf.ts'

export interface ProjectsState {
  /** Null: not loaded yet. Last opened first. */
  readonly items: readonly ProjectView[] | null
  /** Why the last load failed; what was loaded before stays. */
  readonly error: unknown
}

export interface ProjectStore {
  state(): ProjectsState
  find(id: string): ProjectView | undefined
  onChange(listener: () => void): () => void
  /** Marks the moment a list is asked for; what changes after it is newer than that list. */
  beginLoad(): number
  endLoad(mark: number, items: readonly ProjectView[]): void
  failLoad(error: unknown): void
  put(project: ProjectView): void
  putSession(session: SessionView): void
  remove(id: string): void
  applyItems(items: readonly TopicItem[]): void
}

function applyItem(shelf: ProjectShelf, item: TopicItem): boolean {
  if (item.kind === 'project') return shelf.merge(item.project)
  if (item.kind === 'project-removed') return shelf.drop(item.projectId)
  if (item.kind === 'session') return shelf.mergeSession(item.session)
  return false
}

/** The user's projects as this page knows them, fed by replies and by the live connection alike. */
export function createProjectStore(): ProjectStore {
  const shelf = new ProjectShelf()
  const listeners = new Set<() => void>()
  let state: ProjectsState = { items: null, error: null }
  let isLoaded = false

  function publish(error: unknown): void {
    state = { items: isLoaded ? shelf.sorted() : null, error }
    for (const listener of listeners) listener()
  }
  const publishIf = (isChanged: boolean): void => {
    if (isChanged) publish(state.error)
  }

  return {
    state: () => state,
    find: (id) => shelf.find(id),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    beginLoad: () => shelf.mark,
    endLoad(since, items) {
      isLoaded = true
      shelf.replace(since, items)
      publish(null)
    },
    failLoad: publish,
    put: (project) => publishIf(shelf.merge(project)),
    putSession: (session) => publishIf(shelf.mergeSession(session)),
    remove: (id) => publishIf(shelf.drop(id)),
    // Every item counts, so no short cut: `some` would stop at the first change.
    applyItems: (items) => publishIf(items.map((item) => applyItem(shelf, item)).includes(true)),
  }
}
