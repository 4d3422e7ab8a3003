import type { SavePreview } from '@vessel/proto/guest/api'
import { PREVIEW_PATHS_MAX } from '@vessel/proto/guest/api'
import { toText } from './byte-path.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { loadIgnoreRules } from './load-ignore-rules.ts'
import { fromSystemError } from './system-error.ts'
import type { TreeEntry } from './tree-entry.ts'
import { walkTree } from './walk-tree.ts'

export interface PreviewInput {
  readonly workspaceDir: string
  readonly ignore: readonly string[]
  readonly signal: AbortSignal
}

/** What a save would hold now and what it would leave out. Nothing is changed, nothing is read. */
export async function previewSave(input: PreviewInput): Promise<SavePreview> {
  const { workspaceDir: root, signal } = input
  try {
    const left = new LeftOut(await loadIgnoreRules(root, input.ignore))
    const quiet = { warn: () => undefined, mayOpen: false }
    const { entries } = await walkTree({ root, rules: left, signal, ...quiet })
    return {
      files: entries.filter(({ kind }) => kind !== 'directory').length,
      unpackedBytes: entries.reduce((sum, entry) => sum + bytesOf(entry), 0),
      leftOut: left.paths,
      leftOutCount: left.count,
    }
  } catch (thrown) {
    throw fromSystemError(thrown, 'PACK_FAILED')
  }
}

/** Where a link leads is its content, in a save as here. */
const bytesOf = ({ bytes, target }: TreeEntry): number => bytes + (target?.length ?? 0)

/** The rules, remembering what they left out. Of a folder that is, only the folder is seen. */
class LeftOut implements IgnoreRules {
  readonly #rules: IgnoreRules
  readonly paths: string[] = []
  count = 0

  constructor(rules: IgnoreRules) {
    this.#rules = rules
  }

  get malformed(): readonly string[] {
    return this.#rules.malformed
  }

  isIgnored(path: Parameters<IgnoreRules['isIgnored']>[0], isDirectory: boolean): boolean {
    const isLeftOut = this.#rules.isIgnored(path, isDirectory)
    if (isLeftOut) {
      this.count += 1
      const text = `${toText(path)}${isDirectory ? '/' : ''}`
      if (this.paths.length < PREVIEW_PATHS_MAX) this.paths.push(text.slice(0, 400))
    }
    return isLeftOut
  }
}
