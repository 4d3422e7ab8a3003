import type { SavePreview } from '@vessel/proto/guest/api'
import { PREVIEW_PATHS_MAX } from '@vessel/proto/guest/api'
import { type BytePath, toText } from './byte-path.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { loadIgnoreRules } from './load-ignore-rules.ts'
import { measureFiles, readNames } from './measure-files.ts'
import { LOST_AND_FOUND } from './place-tree.ts'
import { fromSystemError } from './system-error.ts'

/** The host waits 4.5 s for the answer, and a person who is about to leave no longer than this. */
const MEASURE_MS = 2_500

export interface PreviewInput {
  readonly workspaceDir: string
  readonly ignore: readonly string[]
  readonly signal: AbortSignal
  /** From the beginning on: what is not measured by then is said to be more. */
  readonly measureMs?: number
}

/** What a save would hold now and what it would leave out. Nothing is changed, nothing is read. */
export async function previewSave(input: PreviewInput): Promise<SavePreview> {
  const { workspaceDir: root, signal, measureMs = MEASURE_MS } = input
  const endsAtMs = performance.now() + measureMs
  const isTimeUp = () => performance.now() >= endsAtMs
  try {
    const left = new LeftOut(await loadIgnoreRules(root, input.ignore))
    const measure = { root, signal, isTimeUp }
    const kept = await measureFiles({ ...measure, paths: readNames(root, ''), rules: left })
    const { bytes, isMore } = await measureFiles({ ...measure, paths: left.paths })
    return {
      files: kept.files,
      unpackedBytes: kept.bytes,
      isMore: kept.isMore,
      leftOut: left.names,
      leftOutCount: left.paths.length,
      leftOutSize: { bytes, isMore: isMore || kept.isMore },
    }
  } catch (thrown) {
    throw fromSystemError(thrown, 'PACK_FAILED')
  }
}

/** The rules, remembering what they left out. Of a folder that is, only the folder is seen. */
class LeftOut implements IgnoreRules {
  readonly #rules: IgnoreRules
  /** As people read them, and no more than are shown. */
  readonly names: string[] = []
  readonly paths: BytePath[] = []

  constructor(rules: IgnoreRules) {
    this.#rules = rules
  }

  get malformed(): readonly string[] {
    return this.#rules.malformed
  }

  isIgnored(path: BytePath, isDirectory: boolean): boolean {
    const isLeftOut = this.#rules.isIgnored(path, isDirectory)
    // Nobody misses what only the file system put there.
    if (isLeftOut && path !== LOST_AND_FOUND) {
      this.paths.push(path)
      const text = `${toText(path)}${isDirectory ? '/' : ''}`
      if (this.names.length < PREVIEW_PATHS_MAX) this.names.push(text.slice(0, 400))
    }
    return isLeftOut
  }
}
