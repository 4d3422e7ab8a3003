import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { createBreather } from './breathe.ts'
import { type BytePath, quoteName, toFsPath } from './byte-path.ts'
import { needsLiteral } from './entry-name.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { doesLinkEscape } from './link-target.ts'
import { systemCode } from './system-error.ts'
import type { TreeEntry } from './tree-entry.ts'

export interface WalkInput {
  readonly root: string
  readonly rules: IgnoreRules
  readonly signal: AbortSignal
  readonly warn: (text: string) => void
  /** False: a folder that cannot be read stays as it is and counts as empty. */
  readonly mayOpen?: boolean
}

export interface WalkedTree {
  /** Parents before children, otherwise by the bytes of their names: always the same order. */
  readonly entries: readonly TreeEntry[]
  /** Gives folders that had to be opened for reading their own modes back. */
  restore(): void
}

/** Lists what a save contains. Nothing is followed: a link is a link, whatever it points to. */
export async function walkTree(input: WalkInput): Promise<WalkedTree> {
  const walk = new Walk(input)
  const breathe = createBreather(input.signal)
  try {
    // A stack instead of recursion: the depth is the user's choice, the size of our stack is not.
    const todo: BytePath[] = walk.list('').reverse()
    while (todo.length > 0) {
      await breathe()
      const path = todo.pop() as BytePath
      const entry = walk.visit(path)
      if (entry?.kind !== 'directory') continue
      // One by one: a folder may have more entries than a call may have arguments.
      for (const child of walk.list(path).reverse()) todo.push(child)
    }
    return { entries: markLinks(walk.entries), restore: () => walk.restore() }
  } catch (thrown) {
    walk.restore()
    throw thrown
  }
}

class Walk {
  readonly entries: TreeEntry[] = []
  readonly #input: WalkInput
  readonly #opened = new Map<BytePath, number>()
  #bytes = 0

  constructor(input: WalkInput) {
    this.#input = input
  }

  list(path: BytePath): BytePath[] {
    const names = this.#read(path).sort()
    return names.map((name) => (path === '' ? name : `${path}/${name}`))
  }

  visit(path: BytePath): TreeEntry | undefined {
    const at = toFsPath(this.#input.root, path)
    const stats = lstatSync(at, { throwIfNoEntry: false })
    if (!stats) return undefined
    if (this.#input.rules.isIgnored(path, stats.isDirectory())) return undefined
    const kind = kindOf(stats)
    if (!kind) {
      this.#input.warn(`${quoteName(path)} is a socket, pipe or device and is left out`)
      return undefined
    }
    const target = kind === 'link' ? readTarget(at) : undefined
    if (kind === 'link' && target === undefined) return undefined
    const entry: TreeEntry = {
      ...{ path, kind, target },
      mode: stats.mode & 0o777,
      ...{ mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, ino: stats.ino },
      bytes: kind === 'file' ? stats.size : 0,
      isLiteral: needsLiteral(path),
    }
    this.#checkLimits(entry)
    this.entries.push(entry)
    return entry
  }

  /** Deepest first, because a closed parent hides its children. */
  restore(): void {
    for (const [path, mode] of [...this.#opened].reverse()) {
      try {
        chmodSync(toFsPath(this.#input.root, path), mode & 0o7777)
      } catch (thrown) {
        if (systemCode(thrown) !== 'ENOENT') {
          this.#input.warn(`the mode of ${quoteName(path)} could not be given back`)
        }
      }
    }
    this.#opened.clear()
  }

  #read(path: BytePath): string[] {
    const at = toFsPath(this.#input.root, path)
    try {
      return this.#open(path, at)
    } catch (thrown) {
      const isGone = ['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')
      if (isGone && path !== '') return []
      throw thrown
    }
  }

  /** The owner may list and enter: a folder without those bits gets them until the pack is done. */
  #open(path: BytePath, at: string | Buffer): string[] {
    try {
      accessSync(at, constants.R_OK | constants.X_OK)
    } catch (thrown) {
      if (systemCode(thrown) !== 'EACCES') throw thrown
      if (this.#input.mayOpen === false) return []
      const { mode } = lstatSync(at)
      chmodSync(at, (mode & 0o7777) | 0o500)
      this.#opened.set(path, mode)
    }
    return readdirSync(at, { encoding: 'latin1' })
  }

  /** An archive over a limit could never be opened again, so it is refused before it is made. */
  #checkLimits(entry: TreeEntry): void {
    this.#bytes += entry.bytes
    const { entriesMax, unpackedBytesMax, depthMax, nameBytesMax } = ARCHIVE_LIMITS
    // Each level has a letter and a slash: short paths need no counting.
    const isDeep = entry.path.length > depthMax && entry.path.split('/').length > depthMax
    const isLong = entry.path.length + 1 > nameBytesMax
    const isMany = this.entries.length >= entriesMax
    if (isDeep || isLong || isMany || this.#bytes > unpackedBytesMax) {
      const what = isDeep ? 'is too deep' : isLong ? 'has too long a name' : 'is one too many'
      const detail = `the workspace is over a limit: ${quoteName(entry.path)} ${what}`
      throw new VesselError('ARCHIVE_TOO_LARGE', { detail })
    }
  }
}

function kindOf(stats: Stats): TreeEntry['kind'] | undefined {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'link' : undefined
}

function readTarget(at: string | Buffer): BytePath | undefined {
  try {
    return readlinkSync(at, { encoding: 'latin1' })
  } catch (thrown) {
    // It was a link a moment ago: gone, or something else now, which the next save will see.
    if (['ENOENT', 'EINVAL'].includes(systemCode(thrown) ?? '')) return undefined
    throw thrown
  }
}

/** Links to the outside (`/usr/bin/python3` in a venv) are the user's: kept, and marked as such. */
function markLinks(entries: readonly TreeEntry[]): TreeEntry[] {
  const links = new Map<BytePath, BytePath>()
  for (const { path, target } of entries) if (target !== undefined) links.set(path, target)
  return entries.map((entry) => {
    if (entry.target === undefined || entry.isLiteral) return entry
    return { ...entry, isLiteral: doesLinkEscape(entry.path, entry.target, links) }
  })
}
