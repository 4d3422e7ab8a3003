import type { FileHandle } from 'node:fs/promises'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { findDirectory } from './find-directory.ts'
import { corrupt, tooLarge, ZIP, type ZipEntry } from './format.ts'
import { parseEntry } from './parse-entry.ts'
import { readExactly } from './read-exactly.ts'

/** Held in memory while an import is checked: all entries allowed, with names of some 250 bytes. */
const DIRECTORY_BYTES_MAX = 64 * 1024 ** 2

/** An entry, and where the next one's data begin. */
export interface PlacedEntry extends ZipEntry {
  readonly limit: number
}

/**
 * The entries in the order of their data. Only the directory is believed, as the guest does when it
 * unpacks: a reader of the local headers could be shown something else.
 */
export async function readDirectory(
  file: FileHandle,
  breathe: () => Promise<void> | undefined,
): Promise<PlacedEntry[]> {
  const place = await findDirectory(file, (await file.stat()).size)
  const { entriesMax } = ARCHIVE_LIMITS
  if (place.entries > entriesMax) throw tooLarge(`it has more than ${entriesMax} entries`)
  if (place.bytes > DIRECTORY_BYTES_MAX) throw tooLarge('its directory is too large')

  const directory = await readExactly(file, place.offset, place.bytes)
  const entries: ZipEntry[] = []
  let at = 0
  while (entries.length < place.entries) {
    await breathe()
    const { entry, next } = parseEntry(directory, at)
    entries.push(entry)
    at = next
  }
  if (at !== directory.length) throw corrupt('its directory has other entries than it says')
  return placed(entries, place.offset)
}

/** Data that several entries share would let a small file unpack to petabytes. */
function placed(entries: readonly ZipEntry[], dataEnd: number): PlacedEntry[] {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset)
  return sorted.map((entry, index) => {
    const limit = sorted[index + 1]?.offset ?? dataEnd
    const least = ZIP.localBytes + entry.rawNameBytes + entry.compressedBytes
    if (entry.offset + least > limit) throw corrupt('its entries overlap or are cut short')
    return { ...entry, limit }
  })
}
