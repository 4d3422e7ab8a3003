import type { ArchiveCodec, ByteSink, TreeTotals } from './codec.ts'
import { loadIgnoreRules } from './load-ignore-rules.ts'
import type { PackRound } from './pack-index.ts'
import { fromSystemError } from './system-error.ts'
import { walkTree } from './walk-tree.ts'

/** A project with thousands of sockets or vanishing files must not flood the log. */
const WARNINGS_MAX = 50

export interface PackWorkspaceInput {
  readonly workspaceDir: string
  readonly codec: ArchiveCodec
  readonly ignore: readonly string[]
  readonly signal: AbortSignal
  readonly warn: (text: string) => void
  readonly onEnd: () => void
  readonly round: PackRound
}

/** A pack that was not refused. */
export interface PreparedPack {
  readonly name: string
  /** With one, `run` gives an `archive-delta` over the archive of that name. */
  readonly base: string | null
  /** MUST be called, once: it also gives the workspace free for the next pack. */
  run(sink: ByteSink): Promise<TreeTotals>
}

/** Lists the tree first, so that a workspace over a limit is refused before the first byte. */
export async function packWorkspace(input: PackWorkspaceInput): Promise<PreparedPack> {
  const { workspaceDir: root, signal, codec, round } = input
  const warnings = limitWarnings(input.warn)
  const rules = await loadIgnoreRules(root, input.ignore)
  for (const line of rules.malformed) {
    warnings.warn(`an ignore pattern is not understood, so it ignores nothing: ${line}`)
  }
  const tree = await walkTree({ root, rules, signal, warn: warnings.warn })

  const run = async (sink: ByteSink): Promise<TreeTotals> => {
    try {
      const { entries } = tree
      const totals = await codec.pack({ root, entries, sink, signal, warn: warnings.warn, round })
      round.finish()
      return totals
    } catch (thrown) {
      throw fromSystemError(thrown, 'PACK_FAILED')
    } finally {
      tree.restore()
      warnings.flush()
      input.onEnd()
    }
  }
  return { name: round.name, base: round.base, run }
}

function limitWarnings(warn: (text: string) => void) {
  let warned = 0
  return {
    warn: (text: string) => {
      warned += 1
      if (warned <= WARNINGS_MAX) warn(text)
    },
    flush: () => {
      if (warned > WARNINGS_MAX) warn(`${warned - WARNINGS_MAX} more warnings of this save`)
    },
  }
}
