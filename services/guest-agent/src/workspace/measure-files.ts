import { readdirSync } from 'node:fs'
import { createBreather } from './breathe.ts'
import { type BytePath, toFsPath } from './byte-path.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { statEntry } from './stat-entry.ts'

export interface MeasureInput {
  readonly root: string
  /** Files and folders, none of them inside another; looked at in this order. */
  readonly paths: readonly BytePath[]
  /** What they leave out is not counted, nor what lies in it. Without rules nothing is left out. */
  readonly rules?: Pick<IgnoreRules, 'isIgnored'>
  readonly signal: AbortSignal
  /** Asked before each entry: what people keep has no limit of its own, nor has `node_modules`. */
  readonly isTimeUp: () => boolean
}

export interface Measured {
  /** Files and links; a folder holds some or is none of anyone's. */
  readonly files: number
  readonly bytes: number
  /** Time was up before all was measured. */
  readonly isMore: boolean
}

/** How much there is. Nothing is followed, and a closed folder counts as empty. */
export async function measureFiles(input: MeasureInput): Promise<Measured> {
  const { root, rules, isTimeUp } = input
  const breathe = createBreather(input.signal)
  const todo = input.paths.toReversed()
  let files = 0
  let bytes = 0
  while (todo.length > 0) {
    if (isTimeUp()) return { files, bytes, isMore: true }
    await breathe()
    const path = todo.pop() as BytePath
    const stats = statEntry(root, path)
    if (!stats || rules?.isIgnored(path, stats.isDirectory())) continue
    if (stats.isDirectory()) {
      for (const name of namesIn(root, path)) todo.push(`${path}/${name}`)
    } else if (stats.isFile() || stats.isSymbolicLink()) {
      files += 1
      // A file with holes may claim more than a number on the wire can say.
      bytes = Math.min(bytes + stats.size, Number.MAX_SAFE_INTEGER)
    }
  }
  return { files, bytes, isMore: false }
}

/** Last first, for a list that is taken from its end. */
function namesIn(root: string, path: BytePath): string[] {
  try {
    return readNames(root, path).reverse()
  } catch {
    // Gone meanwhile, or closed to us: what cannot be counted must not keep anyone from leaving.
    return []
  }
}

/** By the bytes of the names, as a save has them. */
export function readNames(root: string, path: BytePath): BytePath[] {
  return readdirSync(toFsPath(root, path), { encoding: 'latin1' }).sort()
}
