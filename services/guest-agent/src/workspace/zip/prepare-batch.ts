import { crc32 } from 'node:zlib'
import type { Batch } from '../batches.ts'
import { toBytes } from '../byte-path.ts'
import type { Crew } from '../crew/crew.ts'
import type { TreeEntry } from '../tree-entry.ts'
import type { CodeAnswer, CodedFile } from './code-files.ts'
import { ZIP } from './format.ts'
import type { WrittenEntry } from './headers.ts'
import type { FileIdentity, KeptFile, PackCache } from './pack-cache.ts'

export type Described = Pick<WrittenEntry, 'name' | 'kind' | 'mode' | 'mtimeMs' | 'isLiteral'>

/** An entry that is ready to be written, and its coded data. */
export interface Ready {
  readonly described: Described
  readonly sums: Pick<WrittenEntry, 'method' | 'crc' | 'bytes' | 'compressedBytes'>
  readonly data: Uint8Array
}

/** What became of an entry: ready, or to be told of. */
export type Prepared =
  | { readonly outcome: 'ready'; readonly entry: TreeEntry; readonly ready: Ready }
  | { readonly outcome: 'unsteady'; readonly entry: TreeEntry; readonly ready: Ready }
  | { readonly outcome: 'gone' | 'large'; readonly entry: TreeEntry }

export interface PreparedBatch {
  readonly entries: readonly Prepared[]
  /** What was coded now, for the next save. */
  readonly coded: CodeAnswer
  readonly codedEntries: readonly TreeEntry[]
}

interface Deps {
  readonly root: string
  readonly cache: PackCache
  readonly crew: Crew
}

const NOTHING: PreparedBatch = {
  entries: [],
  coded: { files: [], data: new Uint8Array() },
  codedEntries: [],
}

/** Returns what gets a batch ready: what did not change from the last save, the rest anew. */
export function prepareBatch({ root, cache, crew }: Deps) {
  return async (batch: Batch<TreeEntry>): Promise<PreparedBatch> => {
    if (batch.kind === 'large') return NOTHING
    const prepared = new Map<TreeEntry, Prepared>()
    const files = batch.items.filter((entry) => entry.kind === 'file')
    takeKept(files, cache, prepared)
    const codedEntries = files.filter((entry) => !prepared.has(entry))
    const coded = await code(codedEntries, root, crew)
    let at = 0
    for (const [index, entry] of codedEntries.entries()) {
      const file = coded.files[index] as CodedFile | 'gone' | 'large'
      const end = at + (typeof file === 'string' ? 0 : file.compressedBytes)
      prepared.set(entry, outcomeOf(entry, file, coded.data.subarray(at, end)))
      at = end
    }
    const entries = batch.items.map((entry) => prepared.get(entry) ?? withoutFile(entry))
    return { entries, coded, codedEntries }
  }
}

function takeKept(
  files: readonly TreeEntry[],
  cache: PackCache,
  prepared: Map<TreeEntry, Prepared>,
): void {
  const found: { entry: TreeEntry; kept: KeptFile }[] = []
  for (const entry of files) {
    const kept = cache.find(entry.path, identityOf(entry))
    if (kept) found.push({ entry, kept })
  }
  const read = cache.read(found.map(({ kept }) => kept))
  for (const [index, { entry, kept }] of found.entries()) {
    const data = read[index]
    if (!data) continue
    const ready = { described: describe(entry, entry), sums: sumsOf(kept), data }
    prepared.set(entry, { outcome: 'ready', entry, ready })
  }
}

async function code(entries: readonly TreeEntry[], root: string, crew: Crew): Promise<CodeAnswer> {
  if (entries.length === 0) return NOTHING.coded
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  return crew.run('codeFiles', { root, paths: entries.map(({ path }) => path), bytes })
}

function outcomeOf(
  entry: TreeEntry,
  file: CodedFile | 'gone' | 'large',
  data: Uint8Array,
): Prepared {
  if (typeof file === 'string') return { outcome: file, entry }
  const ready = { described: describe(entry, file.stats), sums: sumsOf(file), data }
  return { outcome: file.isSteady ? 'ready' : 'unsteady', entry, ready }
}

function sumsOf({ method, crc, bytes, compressedBytes }: Ready['sums']): Ready['sums'] {
  return { method, crc, bytes, compressedBytes }
}

function withoutFile(entry: TreeEntry): Prepared {
  const isFolder = entry.kind === 'directory'
  const data = isFolder ? Buffer.alloc(0) : toBytes(entry.target ?? '')
  const name = isFolder ? `${entry.path}/` : entry.path
  const ready = {
    described: { ...describe(entry, entry), name },
    sums: {
      ...{ method: ZIP.stored, crc: crc32(data) },
      ...{ bytes: data.length, compressedBytes: data.length },
    },
    data,
  }
  return { outcome: 'ready', entry, ready }
}

export function describe(entry: TreeEntry, now: { mode: number; mtimeMs: number }): Described {
  const { path, kind, isLiteral } = entry
  return { name: path, kind, mode: now.mode & 0o777, mtimeMs: now.mtimeMs, isLiteral }
}

function identityOf({ ino, bytes, mtimeMs, ctimeMs }: TreeEntry): FileIdentity {
  return { ino, size: bytes, mtimeMs, ctimeMs }
}
