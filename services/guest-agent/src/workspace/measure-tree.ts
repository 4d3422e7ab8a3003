import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeTotals } from './codec.ts'

/** How much a folder holds. What goes while it is counted is not counted. */
export async function measureTree(dir: string): Promise<TreeTotals> {
  let entries = 0
  let unpackedBytes = 0
  const todo = [dir]
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      entries += 1
      const path = join(folder, entry.name)
      if (entry.isDirectory()) todo.push(path)
      else if (entry.isFile()) unpackedBytes += (await lstat(path).catch(() => null))?.size ?? 0
    }
  }
  return { entries, unpackedBytes }
}
