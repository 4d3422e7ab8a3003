import { sep } from 'node:path'
import { type SessionId, sessionId } from '@vessel/proto/ids'
import { ownerOfMapping } from './mappings.ts'
import type { LoopDevice } from './parse-answers.ts'

/** All that ignite's machines leave on a host, as it was found with the lock in hand. */
export interface Found {
  /** Containers of the machines that exist, in ignite's listing or by their record on disk. */
  readonly owners: ReadonlySet<string>
  /** Sessions that have a machine, whichever agent of the host they belong to. */
  readonly sessions: ReadonlySet<SessionId>
  readonly containers: readonly string[]
  readonly leases: readonly { readonly file: string; readonly owner: string }[]
  readonly mappings: readonly string[]
  readonly loops: readonly (LoopDevice & { readonly isHeld: boolean })[]
  readonly links: readonly string[]
  /** Names of folders below ignite's `vm` that hold nothing. */
  readonly emptyFolders: readonly string[]
  readonly consoleCopies: readonly string[]
}

export interface Leftovers {
  readonly containers: readonly string[]
  readonly leases: readonly string[]
  readonly mappings: readonly string[]
  readonly loops: readonly string[]
  readonly links: readonly string[]
  readonly emptyFolders: readonly string[]
  readonly consoleCopies: readonly string[]
}

export interface Folders {
  readonly igniteDir: string
  readonly vmsDir: string
}

const IGNITES = /^ignite-[0-9a-f]{16}$/

/**
 * What belongs to no machine. Pure. Containers and networks that are not ignite's are never in it,
 * nor devices of files that are neither ignite's nor ours.
 */
export function leftoversOf(found: Found, folders: Folders): Leftovers {
  const isOrphan = (owner: string) => IGNITES.test(owner) && !found.owners.has(owner)
  return {
    containers: found.containers.filter(isOrphan),
    leases: found.leases.filter(({ owner }) => isOrphan(owner)).map(({ file }) => file),
    // The names sort so that a base comes after what stands on it.
    mappings: found.mappings.filter((name) => isOrphan(ownerOfMapping(name) ?? '')).sort(),
    loops: found.loops.filter((loop) => isLeaked(loop, found, folders)).map(({ device }) => device),
    links: found.links.filter((name) => {
      const session = sessionId.safeParse(name)
      return session.success && !found.sessions.has(session.data)
    }),
    emptyFolders: found.emptyFolders.filter((uid) => isOrphan(`ignite-${uid}`)),
    consoleCopies: found.consoleCopies.filter((name) => isOrphan(name.replace(/\.log$/, ''))),
  }
}

/** Root disks are held by a mapping; volumes by the machine of their session. */
function isLeaked(
  loop: Found['loops'][number],
  { sessions }: Found,
  { igniteDir, vmsDir }: Folders,
): boolean {
  if (loop.file.startsWith(igniteDir + sep)) return !loop.isHeld
  if (!loop.file.startsWith(vmsDir + sep)) return false
  const session = sessionId.safeParse(loop.file.slice(vmsDir.length + 1).split(sep)[0])
  return session.success && !sessions.has(session.data)
}
