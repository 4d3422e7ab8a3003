import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const DAY_MS = 24 * 3_600_000

/** Removes all but the newest folders. Young ones stay in any case: a stack may run from them. */
export async function pruneFolders(parent: string, keepMax: number): Promise<string[]> {
  const names = (await readdir(parent)).filter((name) => !name.startsWith('.'))
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(parent, name))).mtimeMs })),
  )
  const old = dated
    .sort((a, b) => b.at - a.at)
    .slice(keepMax)
    .filter(({ at }) => Date.now() - at > DAY_MS)
  for (const { name } of old) await rm(join(parent, name), { recursive: true, force: true })
  return old.map(({ name }) => name)
}
