import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'

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

/** The newer of two views of one session. An older revision never replaces a newer one. */
export function newerSession(
  known: SessionView | null,
  next: SessionView | null,
): SessionView | null {
  if (known === null || next === null) return next ?? known
  if (known.id !== next.id) return next.createdAt >= known.createdAt ? next : known
  return next.revision >= known.revision ? next : known
}

function newerProject(known: ProjectView | undefined, next: ProjectView): ProjectView {
  if (!known) return next
  const base = next.revision >= known.revision ? next : known
  const session = newerSession(known.session, next.session)
  return session === base.session ? base : { ...base, session }
}

/** Last opened first. Not by last change: a card would jump whenever its machine does something. */
const openedAt = (project: ProjectView): number =>
  Date.parse(project.session?.createdAt ?? project.createdAt)
const byOpening = (a: ProjectView, b: ProjectView): number =>
  openedAt(b) - openedAt(a) || a.id.localeCompare(b.id)

/** The user's projects as this page knows them, fed by replies and by the live connection alike. */
export function createProjectStore(): ProjectStore {
  const known = new Map<string, { project: ProjectView; mark: number }>()
  const removed = new Map<string, number>()
  const listeners = new Set<() => void>()
  let state: ProjectsState = { items: null, error: null }
  let mark = 0
  let isLoaded = false

  function publish(error: unknown): void {
    const all = [...known.values()].map((entry) => entry.project).sort(byOpening)
    state = { items: isLoaded ? all : null, error }
    for (const listener of listeners) listener()
  }

  /** True when something changed. */
  function merge(next: ProjectView): boolean {
    if (next.deletedAt !== null) return drop(next.id)
    removed.delete(next.id)
    const entry = known.get(next.id)
    const merged = newerProject(entry?.project, next)
    mark += 1
    known.set(next.id, { project: merged, mark })
    return merged !== entry?.project
  }

  function drop(id: string): boolean {
    mark += 1
    removed.set(id, mark)
    return known.delete(id)
  }

  function mergeSession(session: SessionView): boolean {
    const entry = known.get(session.projectId)
    if (!entry) return false
    return merge({ ...entry.project, session })
  }

  function applyItem(item: TopicItem): boolean {
    if (item.kind === 'project') return merge(item.project)
    if (item.kind === 'project-removed') return drop(item.projectId)
    if (item.kind === 'session') return mergeSession(item.session)
    return false
  }

  return {
    state: () => state,
    find: (id) => known.get(id)?.project,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    beginLoad: () => mark,
    endLoad(since, items) {
      const listed = new Set(items.map((item) => item.id as string))
      for (const [id, entry] of known) {
        if (!listed.has(id) && entry.mark <= since) known.delete(id)
      }
      isLoaded = true
      for (const item of items) if ((removed.get(item.id) ?? 0) <= since) merge(item)
      publish(null)
    },
    failLoad(error) {
      state = { ...state, error }
      for (const listener of listeners) listener()
    },
    put(project) {
      if (merge(project)) publish(state.error)
    },
    putSession(session) {
      if (mergeSession(session)) publish(state.error)
    },
    remove(id) {
      if (drop(id)) publish(state.error)
    },
    applyItems(items) {
      // Every item counts, so no short cut: `some` would stop at the first change.
      const changed = items.map(applyItem)
      if (changed.includes(true)) publish(state.error)
    },
  }
}
