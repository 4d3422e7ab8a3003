import { crc32 } from 'node:zlib'
import type { Batch } from '../batches.ts'
import { toBytes } from '../byte-path.ts'
import type { Crew } from '../crew/crew.ts'
import type { CodedSums, FileIdentity, PackedFile, PackRound } from '../pack-index.ts'
import type { TreeEntry } from '../tree-entry.ts'
import type { CodedFile } from './code-files.ts'
import { ZIP } from './format.ts'
import type { WrittenEntry } from './headers.ts'

export type Described = Pick<WrittenEntry, 'name' | 'kind' | 'mode' | 'mtimeMs' | 'isLiteral'>

/** An entry that is ready to be written, and its coded data. */
export interface Ready {
  readonly described: Described
  readonly sums: CodedSums
  readonly data: Uint8Array
  /** Of a file that did not change while it was read: the next pack may know it again. */
  readonly identity: FileIdentity | null
}

/** What became of an entry: as it lies in the last archive, ready, or to be told of. */
export type Prepared =
  | { readonly outcome: 'kept'; readonly entry: TreeEntry; readonly kept: PackedFile }
  | { readonly outcome: 'ready' | 'unsteady'; readonly entry: TreeEntry; readonly ready: Ready }
  | { readonly outcome: 'gone' | 'large'; readonly entry: TreeEntry }

export interface PreparedBatch {
  readonly entries: readonly Prepared[]
  /** The memory that the data of its files lie in. */
  readonly data: Uint8Array
}

interface Deps {
  readonly root: string
  readonly round: PackRound
  readonly crew: Crew
}

const NONE = new Uint8Array()

/** Returns what gets a batch ready: what did not change since the last pack, the rest anew. */
export function prepareBatch({ root, round, crew }: Deps) {
  return async (batch: Batch<TreeEntry>): Promise<PreparedBatch> => {
    if (batch.kind === 'large') return { entries: [], data: NONE }
    const prepared = batch.items.map((entry) => withoutReading(entry, round))
    const toCode = batch.items.filter((_, index) => !prepared[index])
    const coded = await code(toCode, root, crew)
    const next = coded.entries.values()
    const entries = prepared.map((done) => done ?? (next.next().value as Prepared))
    return { entries, data: coded.data }
  }
}

/** Folders, links, and files that are as they were. */
function withoutReading(entry: TreeEntry, round: PackRound): Prepared | undefined {
  if (entry.kind !== 'file') return withoutFile(entry)
  const kept = round.find(entry.path, identityOf(entry))
  return kept && { outcome: 'kept', entry, kept }
}

async function code(
  entries: readonly TreeEntry[],
  root: string,
  crew: Crew,
): Promise<PreparedBatch> {
  if (entries.length === 0) return { entries: [], data: NONE }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const paths = entries.map(({ path }) => path)
  const { files, data } = await crew.run('codeFiles', { root, paths, bytes })
  let at = 0
  const prepared = files.map((file, index) => {
    const start = at
    if (typeof file !== 'string') at += file.compressedBytes
    return outcomeOf(entries[index] as TreeEntry, file, data.subarray(start, at))
  })
  return { entries: prepared, data }
}

function outcomeOf(
  entry: TreeEntry,
  file: CodedFile | 'gone' | 'large',
  data: Uint8Array,
): Prepared {
  if (typeof file === 'string') return { outcome: file, entry }
  const { stats, isSteady, method, crc, bytes, compressedBytes } = file
  const ready = {
    described: describe(entry, stats),
    ...{ sums: { method, crc, bytes, compressedBytes }, data },
    identity: isSteady ? stats : null,
  }
  return { outcome: isSteady ? 'ready' : 'unsteady', entry, ready }
}

function withoutFile(entry: TreeEntry): Prepared {
  const isFolder = entry.kind === 'directory'
  const data = isFolder ? Buffer.alloc(0) : toBytes(entry.target ?? '')
  const name = isFolder ? `${entry.path}/` : entry.path
  const { length } = data
  const ready = {
    described: { ...describe(entry, entry), name },
    sums: { method: ZIP.stored, crc: crc32(data), bytes: length, compressedBytes: length },
    ...{ data, identity: null },
  }
  return { outcome: 'ready', entry, ready }
}

export function describe(entry: TreeEntry, now: { mode: number; mtimeMs: number }): Described {
  const { path, kind, isLiteral } = entry
  return { name: path, kind, mode: now.mode & 0o777, mtimeMs: now.mtimeMs, isLiteral }
}

export function identityOf({ ino, bytes, mtimeMs, ctimeMs }: TreeEntry): FileIdentity {
  return { ino, size: bytes, mtimeMs, ctimeMs }
}
