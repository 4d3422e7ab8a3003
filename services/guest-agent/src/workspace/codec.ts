import type { ArchiveFormat } from '@vessel/proto/archive'
import type { BytePath } from './byte-path.ts'
import type { PackRound } from './pack-index.ts'
import type { TreeEntry } from './tree-entry.ts'

export interface TreeTotals {
  readonly entries: number
  readonly unpackedBytes: number
}

export interface UnpackProgress {
  readonly entriesDone: number
  readonly bytesDone: number
}

/**
 * Where the bytes of a pack go. MUST resolve only when it may be given more (back-pressure) and is
 * done with the chunk: its memory is then used again or given back.
 */
export type ByteSink = (chunk: Uint8Array) => Promise<void>

export interface PackInput {
  readonly root: string
  /** In the order they are to be written; parents before their children. */
  readonly entries: readonly TreeEntry[]
  readonly sink: ByteSink
  readonly signal: AbortSignal
  /** Told of files that were left out or changed while they were read. */
  readonly warn: (text: string) => void
  /** With a `base` only where the codec is incremental. */
  readonly round: PackRound
}

export interface UnpackInput {
  /** An empty folder of ours that nothing else writes to. */
  readonly root: string
  readonly signal: AbortSignal
  readonly onProgress: (done: UnpackProgress) => void
}

/** An archive whose every name, link, size and limit was checked before anything is written. */
export interface CheckedArchive {
  readonly totals: TreeTotals
  /** Writes the tree, verifying each entry; throws on the first that is not what it said. */
  unpack(input: UnpackInput): Promise<UnpackedTree>
  close(): Promise<void>
}

/**
 * Directories get their modes and times last, at their final place: a directory without the write
 * bit can neither be filled nor renamed, and filling it would touch its time.
 */
export interface UnpackedTree {
  readonly directories: readonly DirectoryMeta[]
}

export interface DirectoryMeta {
  readonly path: BytePath
  readonly mode: number
  readonly mtimeMs: number | undefined
}

/** One archive format. Both directions stream with bounded memory. */
export interface ArchiveCodec {
  readonly format: ArchiveFormat
  /** It can say what of the last archive stays as it was, instead of sending it. */
  readonly isIncremental: boolean
  pack(input: PackInput): Promise<TreeTotals>
  open(file: string, signal: AbortSignal): Promise<CheckedArchive>
}
