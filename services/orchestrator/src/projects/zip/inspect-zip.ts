import { type FileHandle, open } from 'node:fs/promises'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { createBreather } from './breathe.ts'
import { checkLinks, type FoundLink } from './check-links.ts'
import { checkNames } from './check-names.ts'
import { type ByteName, tooLarge, unsafe, type ZipEntry } from './format.ts'
import { readSmall, verifyContent } from './read-content.ts'
import { type PlacedEntry, readDirectory } from './read-directory.ts'

/** Linux takes no longer target. */
const TARGET_BYTES_MAX = 4_095

export interface ZipFacts {
  readonly entries: number
  readonly unpackedBytes: number
}

/**
 * Checks a zip from a stranger whole, without writing anything of it: that it can be unpacked, to
 * what its directory says, within the limits, and to nowhere but its own folder.
 */
export async function inspectZip(path: string, signal: AbortSignal): Promise<ZipFacts> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const breathe = createBreather(signal)
    const entries = await readDirectory(file, breathe)
    const unpackedBytes = checkTotals(entries, size)
    const byPath = await checkNames(entries, breathe)
    const links = new Map<ByteName, FoundLink>()
    for (const [at, entry] of byPath) {
      signal.throwIfAborted()
      if (entry.kind === 'link') links.set(at, await readLink(file, entry))
      else await verifyContent(file, entry, signal)
    }
    await checkLinks(links, breathe)
    return { entries: byPath.size, unpackedBytes }
  } finally {
    await file.close()
  }
}

async function readLink(file: FileHandle, entry: PlacedEntry): Promise<FoundLink> {
  if (entry.bytes > TARGET_BYTES_MAX) throw unsafe(entry.name, 'is a link with too long a target')
  const target = (await readSmall(file, entry)).toString('latin1')
  return { target, isLiteral: entry.isLiteral }
}

function checkTotals(entries: readonly ZipEntry[], archiveBytes: number): number {
  const { unpackedBytesMax, ratioMax, ratioFloorBytes } = ARCHIVE_LIMITS
  const unpackedBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  if (unpackedBytes > unpackedBytesMax) {
    throw tooLarge(`it unpacks to more than ${unpackedBytesMax} bytes`)
  }
  const isBomb = unpackedBytes > ratioFloorBytes && unpackedBytes > archiveBytes * ratioMax
  if (isBomb) throw tooLarge(`it unpacks to more than ${ratioMax} times its size`)
  return unpackedBytes
}
