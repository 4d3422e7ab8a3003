import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'

/** The newer of two views of one project's session. A lower revision never replaces a higher. */
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

/** Projects by id, each with the mark of its last change; the mark orders changes and lists. */
export class ProjectShelf {
  readonly #known = new Map<string, { project: ProjectView; mark: number }>()
  readonly #removed = new Map<string, number>()
  #mark = 0

  get mark(): number {
    return this.#mark
  }

  find(id: string): ProjectView | undefined {
    return this.#known.get(id)?.project
  }

  sorted(): ProjectView[] {
    return [...this.#known.values()].map((entry) => entry.project).sort(byOpening)
  }

  /** True when something changed. */
  merge(next: ProjectView): boolean {
    if (next.deletedAt !== null) return this.drop(next.id)
    const known = this.find(next.id)
    const merged = newerProject(known, next)
    this.#removed.delete(next.id)
    this.#mark += 1
    this.#known.set(next.id, { project: merged, mark: this.#mark })
    return merged !== known
  }

  mergeSession(session: SessionView): boolean {
    const known = this.find(session.projectId)
    return known !== undefined && this.merge({ ...known, session })
  }

  drop(id: string): boolean {
    this.#mark += 1
    this.#removed.set(id, this.#mark)
    return this.#known.delete(id)
  }

  /** Takes a list that was asked for at `since`: what changed after that is newer than the list. */
  replace(since: number, items: readonly ProjectView[]): void {
    const listed = new Set(items.map((item) => item.id as string))
    for (const [id, entry] of this.#known) {
      if (!listed.has(id) && entry.mark <= since) this.#known.delete(id)
    }
    for (const item of items) {
      if ((this.#removed.get(item.id) ?? 0) <= since) this.merge(item)
    }
  }
}
