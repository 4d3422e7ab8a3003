import { randomUUID } from 'node:crypto'
import type { Span } from '@vessel/proto/guest/archive-delta'
import type { BytePath } from './byte-path.ts'

/** By these a file is known to be as it was: nobody can set the time of the last change. */
export interface FileIdentity {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** What a zip says of a file's data, and how they are coded. */
export interface CodedSums {
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
}

/** A file as it lies in an archive, its header and whatever follows its data included. */
export interface PackedFile {
  readonly identity: FileIdentity
  readonly span: Span
  readonly sums: CodedSums
  /** Of the header in the span, which says where the sums stand. */
  readonly layout: { readonly hasDescriptor: boolean; readonly isWide: boolean }
}

/** What one pack finds of the last archive and notes of its own. */
export interface PackRound {
  /** Who asked still has the archive that spans are of. */
  readonly base: string | null
  readonly name: string
  find(path: BytePath, identity: FileIdentity): PackedFile | undefined
  note(path: BytePath, file: PackedFile): void
  /** Of a pack that went through: its archive is the last one now. */
  finish(): void
}

/** A file that was changed so shortly before may change again without its times saying so. */
const SETTLED_MS = 2_000

/**
 * Where the files of the last archive lie in it, so that the next one need not hold again what did
 * not change. It is forgotten with the process, and then a pack is a whole one.
 */
export class PackIndex {
  readonly #now: () => number
  #last: { readonly name: string; readonly files: ReadonlyMap<BytePath, PackedFile> } | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** `base` is the archive the asker has, if any. */
  begin(base?: string): PackRound {
    const name = randomUUID()
    const settledMs = this.#now() - SETTLED_MS
    const known = this.#last?.name === base ? this.#last : undefined
    const files = new Map<BytePath, PackedFile>()
    return {
      base: known?.name ?? null,
      name,
      find: (path, identity) => {
        const file = known?.files.get(path)
        return file && isSame(file.identity, identity) ? file : undefined
      },
      note: (path, file) => {
        if (file.identity.ctimeMs <= settledMs) files.set(path, file)
      },
      finish: () => {
        this.#last = { name, files }
      },
    }
  }
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs
  )
}
