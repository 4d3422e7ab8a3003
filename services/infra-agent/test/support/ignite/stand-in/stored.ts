import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fatal, print, say } from './say.ts'
import { at, names, read, remove, write } from './state.ts'

export type Kind = 'image' | 'kernel'
interface Stored {
  readonly uid: string
  readonly name: string
}

/** Long enough for two that are started together to meet. */
const IMPORT_MS = 80

const ofKind = (kind: Kind): Stored[] =>
  names(at('firecracker', kind)).flatMap(
    (uid) => read<Stored>(at('firecracker', kind, uid, 'metadata.json')) ?? [],
  )

/** §2.3: the table of `image ls` and `kernel ls`, aligned by tabs. */
export function list(kind: Kind): void {
  const rows = ofKind(kind).map(({ uid, name }) => `${uid}\t${name}\t\t5m ago\t2.9 MB\n`)
  print(`${kind.toUpperCase()} ID\t\tNAME\t\t\tCREATED\tSIZE\n${rows.join('')}`)
}

/** §2.3: a cache by name that never fetches again. */
export function find(kind: Kind, name: string): Stored | null {
  const found = ofKind(kind).filter((stored) => stored.name === name)
  // §3, failure 6: from then on every create fails.
  if (found.length > 1) throw new Fatal(`ambiguous ${kind} query: "${name}"`)
  return found[0] ?? null
}

export async function ensure(kind: Kind, name: string): Promise<Stored> {
  const known = find(kind, name)
  if (known) return known
  say(`containerd image "${name}" not found locally, pulling...`)
  say('Starting image import...')
  await delay(IMPORT_MS)
  const uid = randomBytes(8).toString('hex')
  write(at('firecracker', kind, uid, 'metadata.json'), { uid, name })
  write(at('firecracker', kind, uid, `${kind}.ext4`), '')
  await delay(IMPORT_MS)
  // §3, failure 6: each of several that run together imports it, and all of them fail.
  const stored = find(kind, name)
  if (!stored) throw new Fatal(`${kind} ${name} disappeared`)
  say(`Imported OCI image "${name}" (2.9 MB) to base image with UID "${uid}"`)
  return stored
}

export function forget(kind: Kind, query: string): void {
  const found = ofKind(kind).filter(({ uid, name }) => uid === query || name === query)
  if (found.length === 0) throw new Fatal(`can't find ${kind}: no ID/name matches for "${query}"`)
  for (const { uid } of found) remove(at('firecracker', kind, uid))
}
