import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { type BytePath, parentOf, quoteName } from './byte-path.ts'
import { checkEntryName } from './entry-name.ts'
import { doesLinkEscape } from './link-target.ts'
import type { EntryKind } from './tree-entry.ts'

/** What a codec found in an archive, before anything of it is believed. */
export interface FoundEntry {
  readonly name: BytePath
  readonly kind: EntryKind
  readonly bytes: number
  readonly target: BytePath | undefined
  readonly isLiteral: boolean
}

export interface CheckedEntry<E extends FoundEntry> {
  readonly path: BytePath
  readonly found: E
}

const tooLarge = (detail: string) => new VesselError('ARCHIVE_TOO_LARGE', { detail })
const unsafe = (name: BytePath, why: string) =>
  new VesselError('ARCHIVE_UNSAFE', { detail: `entry ${quoteName(name)} ${why}` })

/** Throws when unpacking would pass a limit. Called with totals as they grow, so it stays cheap. */
export function checkTotals(totals: {
  entries: number
  unpackedBytes: number
  archiveBytes: number
}): void {
  const { entriesMax, unpackedBytesMax, ratioMax, ratioFloorBytes } = ARCHIVE_LIMITS
  if (totals.entries > entriesMax) throw tooLarge(`it has more than ${entriesMax} entries`)
  if (totals.unpackedBytes > unpackedBytesMax) {
    throw tooLarge(`it unpacks to more than ${unpackedBytesMax} bytes`)
  }
  const isBomb = totals.unpackedBytes > Math.max(1, totals.archiveBytes) * ratioMax
  if (isBomb && totals.unpackedBytes > ratioFloorBytes) {
    throw tooLarge(`it unpacks to more than ${ratioMax} times its size`)
  }
}

/**
 * Checks every entry against every other: what one entry may be depends on the rest of the tree
 * (a name given twice, a file inside a link, a link that leads out through another link).
 */
export function checkTree<E extends FoundEntry>(
  found: readonly E[],
  archiveBytes: number,
): CheckedEntry<E>[] {
  let unpackedBytes = 0
  const byPath = new Map<BytePath, E>()
  const checked: CheckedEntry<E>[] = []
  checkTotals({ entries: found.length, unpackedBytes: 0, archiveBytes })
  for (const entry of found) {
    unpackedBytes += entry.bytes
    checkTotals({ entries: found.length, unpackedBytes, archiveBytes })
    // The folder itself, as `tar c .` and `zip -r x ./` name it: nothing to create.
    if (entry.kind === 'directory' && /^\.\/?$/.test(entry.name)) continue
    const path = checkEntryName(entry.name, entry.isLiteral)
    if (byPath.has(path)) throw unsafe(entry.name, 'is there twice')
    byPath.set(path, entry)
    checked.push({ path, found: entry })
  }
  checkParents(byPath)
  checkLinks(byPath)
  return checked
}

function checkParents(byPath: ReadonlyMap<BytePath, FoundEntry>): void {
  const known = new Set<BytePath>()
  for (const [path, entry] of byPath) {
    for (let at = parentOf(path); at !== '' && !known.has(at); at = parentOf(at)) {
      const parent = byPath.get(at)
      if (parent?.kind === 'link') throw unsafe(entry.name, 'goes through a link')
      if (parent?.kind === 'file') throw unsafe(entry.name, 'goes through a file')
      known.add(at)
      // Folders that are only implied have to be made too: few entries can imply very many.
      if (known.size > ARCHIVE_LIMITS.entriesMax) throw tooLarge('it implies too many folders')
    }
  }
}

function checkLinks(byPath: ReadonlyMap<BytePath, FoundEntry>): void {
  const links = new Map<BytePath, BytePath>()
  for (const [path, entry] of byPath) if (entry.kind === 'link') links.set(path, targetOf(entry))
  for (const [path, target] of links) {
    const entry = byPath.get(path) as FoundEntry
    if (entry.isLiteral) continue
    if (doesLinkEscape(path, target, links))
      throw unsafe(entry.name, 'is a link out of the workspace')
  }
}

/** Linux refuses an empty target and one of PATH_MAX bytes or more. */
function targetOf(entry: FoundEntry): BytePath {
  const target = entry.target ?? ''
  if (target === '' || target.length >= 4_096 || target.includes('\0')) {
    throw unsafe(entry.name, 'is a link without a usable target')
  }
  return target
}
