import { lstatSync, type Stats } from 'node:fs'
import { type BytePath, toFsPath } from './byte-path.ts'

/** What stands at a path now, or undefined: also where a closed folder keeps us from seeing it. */
export function statEntry(root: string, path: BytePath): Stats | undefined {
  try {
    return lstatSync(toFsPath(root, path), { throwIfNoEntry: false })
  } catch {
    // EACCES, ENOTDIR, ENAMETOOLONG: for a watcher all mean that there is nothing to watch.
    return undefined
  }
}
