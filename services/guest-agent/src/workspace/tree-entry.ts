import type { BytePath } from './byte-path.ts'

export type EntryKind = 'file' | 'directory' | 'link'

/** One thing in the workspace as it was when the tree was walked. */
export interface TreeEntry {
  readonly path: BytePath
  readonly kind: EntryKind
  /** rwx bits only. */
  readonly mode: number
  readonly mtimeMs: number
  /** With the times, by which a file is known to be as it was. */
  readonly ino: number
  readonly ctimeMs: number
  /** Of a file; it may have changed by the time it is read. */
  readonly bytes: number
  readonly target: BytePath | undefined
  /**
   * The name or link target looks unsafe but is what stood on the user's disk. Written as a mark
   * in the archive, because an archive we made must always open again.
   */
  readonly isLiteral: boolean
}
