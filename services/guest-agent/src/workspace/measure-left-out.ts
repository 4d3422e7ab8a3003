import { readdirSync } from 'node:fs'
import { createBreather } from './breathe.ts'
import { type BytePath, toFsPath } from './byte-path.ts'
import { statEntry } from './stat-entry.ts'

export interface LeftOutInput {
  readonly root: string
  /** Files and folders, none of them inside another. */
  readonly paths: readonly BytePath[]
  readonly signal: AbortSignal
  /** Asked before each entry: `node_modules` has no limit of its own. */
  readonly isTimeUp: () => boolean
}

export interface LeftOutSize {
  readonly bytes: number
  /** Time was up before all was measured. */
  readonly isMore: boolean
}

/** How much a save leaves out. Nothing is followed, and a closed folder counts as empty. */
export async function measureLeftOut(input: LeftOutInput): Promise<LeftOutSize> {
  const { root, isTimeUp } = input
  const breathe = createBreather(input.signal)
  const todo = [...input.paths]
  let bytes = 0
  while (todo.length > 0) {
    if (isTimeUp()) return { bytes, isMore: true }
    await breathe()
    const path = todo.pop() as BytePath
    const stats = statEntry(root, path)
    if (stats?.isDirectory()) {
      for (const name of namesIn(root, path)) todo.push(`${path}/${name}`)
    } else if (stats) {
      // A file with holes may claim more than a number on the wire can say.
      bytes = Math.min(bytes + stats.size, Number.MAX_SAFE_INTEGER)
    }
  }
  return { bytes, isMore: false }
}

function namesIn(root: string, path: BytePath): string[] {
  try {
    return readdirSync(toFsPath(root, path), { encoding: 'latin1' })
  } catch {
    // Gone meanwhile, or closed to us: what a save leaves out must not keep anyone from saving.
    return []
  }
}
