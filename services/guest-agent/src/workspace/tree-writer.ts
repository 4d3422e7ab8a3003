import {
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type BytePath, parentOf, toBytes, toFsPath } from './byte-path.ts'
import type { DirectoryMeta } from './codec.ts'

/** Never an existing file and never through a link, whatever the archive made us do before. */
const CREATE_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

export interface FileMeta {
  readonly path: BytePath
  readonly mode: number
  readonly mtimeMs: number
}

/** Writes a file small enough to be in memory; its folder MUST be there. */
export function writeFileAt(root: string, meta: FileMeta, content: Uint8Array): void {
  const file = openSync(toFsPath(root, meta.path), CREATE_FLAGS, 0o600)
  try {
    for (let done = 0; done < content.length; ) {
      done += writeSync(file, content, done, content.length - done)
    }
    futimesSync(file, meta.mtimeMs / 1_000, meta.mtimeMs / 1_000)
    fchmodSync(file, meta.mode)
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a checked tree into an empty folder of ours.
 *
 * Folders first and closed to others, then files, links last of all: while anything is written
 * there is no link in the tree that a path could pass through.
 */
export class TreeWriter {
  readonly #root: string
  readonly #made = new Set<BytePath>([''])

  constructor(root: string) {
    this.#root = root
  }

  /** Also makes the parents nobody listed. */
  makeDirectory(path: BytePath): void {
    if (this.#made.has(path)) return
    this.makeDirectory(parentOf(path))
    mkdirSync(toFsPath(this.#root, path), { mode: 0o700 })
    this.#made.add(path)
  }

  /** For a file of any size: `fill` writes it piece by piece. */
  async streamFile(meta: FileMeta, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    this.makeDirectory(parentOf(meta.path))
    const file = await open(toFsPath(this.#root, meta.path), CREATE_FLAGS, 0o600)
    try {
      await fill(file)
      await file.utimes(meta.mtimeMs / 1_000, meta.mtimeMs / 1_000)
      await file.chmod(meta.mode)
    } finally {
      await file.close()
    }
  }

  writeLink(path: BytePath, target: BytePath, mtimeMs: number): void {
    this.makeDirectory(parentOf(path))
    const at = toFsPath(this.#root, path)
    symlinkSync(toBytes(target), at)
    lutimesSync(at, mtimeMs / 1_000, mtimeMs / 1_000)
  }

  /** Folders an archive only implies get the usual mode and keep the time they were made at. */
  allDirectories(listed: readonly DirectoryMeta[]): DirectoryMeta[] {
    const known = new Set(listed.map((directory) => directory.path))
    const implied = [...this.#made].filter((path) => path !== '' && !known.has(path))
    return [...listed, ...implied.map((path) => ({ path, mode: 0o755, mtimeMs: undefined }))]
  }
}
