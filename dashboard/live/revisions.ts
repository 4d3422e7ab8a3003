import type { TopicItem } from '@vessel/proto/browser/topic-items'

type PassingKind = 'metric' | 'admin-session' | 'sockets'
type StateItem = Exclude<TopicItem, { seq: number } | { kind: PassingKind }>

export function isStateItem(item: TopicItem): item is StateItem {
  return (
    item.kind === 'project' ||
    item.kind === 'project-removed' ||
    item.kind === 'session' ||
    item.kind === 'host'
  )
}

/** What the item is the state of: a later item of the same key replaces it. */
export function stateKey(item: StateItem): string {
  switch (item.kind) {
    case 'project':
      return `project:${item.project.id}`
    case 'project-removed':
      return `project:${item.projectId}`
    case 'session':
      return `session:${item.session.id}`
    case 'host':
      return `host:${item.host.id}`
  }
}

/**
 * Keeps the newest of each thing. Views come from several orchestrators and over several
 * connections, so an older one may arrive after a newer one: it is replaced by the newer.
 */
export class Revisions {
  readonly #newest = new Map<string, StateItem>()
  /** Given to the page since it last forgot everything. */
  readonly #shown = new Set<string>()

  /** What the page is to be given for an item: itself, a newer one it should have, or nothing. */
  admit(item: StateItem): StateItem | null {
    const key = stateKey(item)
    const known = this.#newest.get(key)
    if (!known || !isOlder(item, known)) {
      this.#newest.set(key, item)
      this.#shown.add(key)
      return item
    }
    if (this.#shown.has(key)) return null
    this.#shown.add(key)
    return known
  }

  /** The page forgot; what is newest is still known. */
  forgetShown(): void {
    this.#shown.clear()
  }

  /** The newest of everything the page has, for one who joins it late. */
  shown(): StateItem[] {
    return [...this.#newest].flatMap(([key, item]) => (this.#shown.has(key) ? [item] : []))
  }
}

function isOlder(item: StateItem, known: StateItem): boolean {
  if (item.kind === 'project' && known.kind === 'project') {
    // The session within has its own clock.
    const sessionNow = item.project.session
    const sessionKnown = known.project.session
    const isSameRun = sessionNow?.id === sessionKnown?.id
    if (item.project.revision !== known.project.revision || !isSameRun) {
      return item.project.revision < known.project.revision
    }
    return (sessionNow?.revision ?? 0) < (sessionKnown?.revision ?? 0)
  }
  if (item.kind === 'session' && known.kind === 'session') {
    return item.session.revision < known.session.revision
  }
  if (item.kind === 'host' && known.kind === 'host') {
    return Date.parse(item.host.lastBeatAt) < Date.parse(known.host.lastBeatAt)
  }
  return false
}
