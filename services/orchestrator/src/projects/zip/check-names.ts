import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { type ByteName, tooLarge, unsafe, type ZipEntry } from './format.ts'

const PART_BYTES_MAX = 255

/**
 * Every entry by its path below the workspace; a name that could reach outside it, or that means
 * the same as another, is refused. The same rules hold again where the archive is unpacked.
 */
export async function checkNames<E extends ZipEntry>(
  entries: readonly E[],
  breathe: () => Promise<void> | undefined,
): Promise<ReadonlyMap<ByteName, E>> {
  const byPath = new Map<ByteName, E>()
  for (const entry of entries) {
    await breathe()
    // The folder itself, as `zip -r x ./` names it.
    if (entry.kind === 'directory' && /^\.\/?$/.test(entry.name)) continue
    const path = pathOf(entry)
    if (byPath.has(path)) throw unsafe(entry.name, 'is there twice')
    byPath.set(path, entry)
  }
  await checkParents(byPath, breathe)
  return byPath
}

function pathOf({ name, isLiteral }: ZipEntry): ByteName {
  const { nameBytesMax, depthMax } = ARCHIVE_LIMITS
  if (name.length > nameBytesMax) throw unsafe(name, 'has a name that is too long')
  if (name.includes('\0')) throw unsafe(name, 'has a NUL in its name')
  if (name.startsWith('/')) throw unsafe(name, 'is an absolute path')
  const isWindows = name.includes('\\') || /^[a-zA-Z]:\//.test(name)
  if (isWindows && !isLiteral) throw unsafe(name, 'has a backslash or drive in its name')

  const path = name.replace(/^(?:\.\/)+/, '').replace(/\/$/, '')
  const parts = path.split('/')
  if (parts.length > depthMax) throw unsafe(name, 'is too deep')
  for (const part of parts) {
    if (part === '..') throw unsafe(name, 'leaves the workspace')
    if (part === '' || part === '.') throw unsafe(name, 'has an empty part in its name')
    if (part.length > PART_BYTES_MAX) throw unsafe(name, 'has a part that is too long')
  }
  return path
}

export function parentOf(path: ByteName): ByteName {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** Nothing lies in a file or goes through a link; and few entries must not imply many folders. */
async function checkParents(
  byPath: ReadonlyMap<ByteName, ZipEntry>,
  breathe: () => Promise<void> | undefined,
): Promise<void> {
  const known = new Set<ByteName>()
  for (const [path, entry] of byPath) {
    await breathe()
    for (let at = parentOf(path); at !== '' && !known.has(at); at = parentOf(at)) {
      const kind = byPath.get(at)?.kind ?? 'directory'
      if (kind !== 'directory') throw unsafe(entry.name, `goes through a ${kind}`)
      known.add(at)
      if (known.size > ARCHIVE_LIMITS.entriesMax) throw tooLarge('it implies too many folders')
    }
  }
}
