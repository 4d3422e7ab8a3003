import type { AdminSessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'

/** Something that happened to a session, as it was told. */
export interface Change {
  readonly key: string
  readonly session: AdminSessionView
  readonly atMs: number
}

export interface SessionBoard {
  /** What is known of each, ended ones included until the list is asked for again. */
  readonly known: ReadonlyMap<string, AdminSessionView>
  /** Newest first. */
  readonly changes: readonly Change[]
}

export const EMPTY_BOARD: SessionBoard = { known: new Map(), changes: [] }
const CHANGES_MAX = 50

const keyOf = ({ id, state }: AdminSessionView): string => `${id}:${state}`

/** Takes what was told. A view that is older than what is known says nothing new. */
export function withTold(
  board: SessionBoard,
  told: readonly AdminSessionView[],
  atMs: number,
): SessionBoard {
  const known = new Map(board.known)
  const changes: Change[] = []
  for (const session of told) {
    const before = known.get(session.id)
    if (before && before.revision >= session.revision) continue
    known.set(session.id, session)
    // A beat of activity is no news; another state is.
    if (before?.state !== session.state) changes.unshift({ key: keyOf(session), session, atMs })
  }
  return { known, changes: [...changes, ...board.changes].slice(0, CHANGES_MAX) }
}

/** Takes the list of what runs: whatever is not in it and older than it is over and forgotten. */
export function withList(board: SessionBoard, list: readonly AdminSessionView[]): SessionBoard {
  const known = new Map<string, AdminSessionView>()
  for (const session of list) {
    const told = board.known.get(session.id)
    known.set(session.id, told && told.revision > session.revision ? told : session)
  }
  return { ...board, known }
}

/** Those that run, the newest first. */
export function runningOf({ known }: SessionBoard): AdminSessionView[] {
  return [...known.values()]
    .filter(({ state }) => !isEnded(state))
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || a.id.localeCompare(b.id))
}
