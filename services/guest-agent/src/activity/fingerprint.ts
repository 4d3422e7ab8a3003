import { readdirSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { createBreather } from '../workspace/breathe.ts'
import { type BytePath, toFsPath } from '../workspace/byte-path.ts'
import type { IgnoreRules } from '../workspace/ignore-rules.ts'
import { statEntry } from '../workspace/stat-entry.ts'

/** As many entries as an archive may have; beyond it no save is possible anyway. */
const ENTRIES_MAX = 200_000

export interface FingerprintInput {
  readonly root: string
  readonly rules: IgnoreRules
  readonly signal: AbortSignal
}

/** A number that changes when a file's name, size or time does: the slow but unbounded watch. */
export async function fingerprintTree(input: FingerprintInput): Promise<number> {
  const breathe = createBreather(input.signal)
  const pending: BytePath[] = ['']
  let sum = 0
  for (let seen = 0; pending.length > 0 && seen < ENTRIES_MAX; ) {
    await breathe()
    const path = pending.pop() as BytePath
    for (const name of list(input.root, path)) {
      seen += 1
      const child = path === '' ? name : `${path}/${name}`
      const stats = statEntry(input.root, child)
      if (!stats || input.rules.isIgnored(child, stats.isDirectory())) continue
      if (stats.isDirectory()) pending.push(child)
      const { mtimeMs, ctimeMs, size, mode } = stats
      sum = crc32(`${child}\0${mtimeMs}\0${ctimeMs}\0${size}\0${mode}`, sum)
    }
  }
  return sum
}

function list(root: string, path: BytePath): string[] {
  try {
    return readdirSync(toFsPath(root, path), { encoding: 'latin1' })
  } catch {
    // Gone meanwhile or closed to us: its parent's time tells of the change.
    return []
  }
}
