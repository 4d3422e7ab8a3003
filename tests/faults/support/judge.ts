import type { Told } from './history.ts'
import type { KeptArchive } from './store.ts'

/** What a finished run is judged by: what users were told, and what is there. */
export interface Evidence {
  readonly told: readonly Told[]
  readonly archives: ReadonlyMap<string, readonly KeptArchive[]>
}

type Of<W extends Told['what']> = Extract<Told, { what: W }>

const are = <W extends Told['what']>(told: readonly Told[], what: W): Of<W>[] =>
  told.filter((deed): deed is Of<W> => deed.what === what)

/** Sessions whose user was told "you saved and left". */
function savedSessions(told: readonly Told[]): Of<'ended'>[] {
  return are(told, 'ended').filter(
    ({ state, reason }) => state === 'stopped' && reason === 'user_exit',
  )
}

/** The lines of a session that its user knew to be saved. */
function savedLines(told: readonly Told[], session: string): number[] {
  return are(told, 'edited')
    .filter((deed) => deed.session === session)
    .map(({ line }) => line)
}

function nothingLost({ told, archives }: Evidence): string[] {
  return savedSessions(told).flatMap(({ project, session }) => {
    const kept = new Set((archives.get(project) ?? []).flatMap(({ lines }) => lines))
    const lost = savedLines(told, session).filter((line) => !kept.has(line))
    return lost.length === 0 ? [] : [`lost: ${lost} of ${project}, saved in ${session}`]
  })
}

function archivesWhole({ archives }: Evidence): string[] {
  return [...archives].flatMap(([project, kept]) =>
    kept
      .filter(({ isWhole }) => !isWhole)
      .map(({ path, status }) => `not whole: the ${status} ${path} of ${project}`),
  )
}

/** A file that came back doubled, mixed up or in part was not hydrated whole. */
function openedWhole({ told }: Evidence): string[] {
  return are(told, 'opened')
    .filter(({ lines }) => lines.some((line, at) => at > 0 && line <= (lines[at - 1] ?? 0)))
    .map(({ session, lines }) => `opened mixed up: ${lines} in ${session}`)
}

/** What was saved as the head before a session was opened stands in it, or beside it. */
function openedNewest({ told, archives }: Evidence): string[] {
  return are(told, 'opened').flatMap((opened) => {
    const before = savedSessions(told).filter(
      ({ project, atMs }) => project === opened.project && atMs < opened.atMs,
    )
    const aside = (archives.get(opened.project) ?? []).filter(({ status }) => status === 'recovery')
    const known = new Set([...opened.lines, ...aside.flatMap(({ lines }) => lines)])
    const missing = before
      .flatMap(({ session }) => savedLines(told, session))
      .filter((line) => !known.has(line))
    return missing.length === 0
      ? []
      : [`opened without ${missing}: session ${opened.session} of ${opened.project}`]
  })
}

/** Every end has a reason, and a failure one that can be read. */
function endsExplained({ told }: Evidence): string[] {
  return are(told, 'ended')
    .filter(({ state, reason, code }) => reason === null || (state === 'failed' && code === null))
    .map((deed) => `ended without a reason: ${JSON.stringify(deed)}`)
}

const CHECKS: Readonly<Record<string, (evidence: Evidence) => string[]>> = {
  'what users saw as saved is in the head or a version': nothingLost,
  'every archive is in storage as the database says': archivesWhole,
  'a workspace is opened whole or not at all': openedWhole,
  'a workspace is opened with all that was saved before': openedNewest,
  'every end has a reason': endsExplained,
}

/** The violations of each invariant, by its name. */
export function judge(evidence: Evidence): Record<string, string[]> {
  const entries = Object.entries(CHECKS).map(([name, check]) => [name, check(evidence)])
  return Object.fromEntries(entries)
}
