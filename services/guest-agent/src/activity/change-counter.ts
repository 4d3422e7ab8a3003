import { setTimeout as delay } from 'node:timers/promises'
import type { BytePath } from '../workspace/byte-path.ts'
import type { IgnoreRules } from '../workspace/ignore-rules.ts'
import { fingerprintTree } from './fingerprint.ts'
import { type TreeWatcher, watchTree } from './watch-tree.ts'

/** A save writes a file several times; one change is enough to know of. */
const ACTIVITY_EVERY_MS = 15_000
/** Between two walks where watching is not possible: a walk of 20,000 files takes 0.3 s. */
const WALK_EVERY_MS = 20_000

export interface ChangeCounterDeps {
  readonly root: string
  readonly loadRules: () => Promise<IgnoreRules>
  readonly onActivity: () => void
  readonly warn: (text: string) => void
  readonly nowMs: () => number
}

/** Counts changes of what a save would contain, from the moment the workspace is complete. */
export class ChangeCounter {
  readonly #deps: ChangeCounterDeps
  readonly #stop = new AbortController()
  #count = 0
  #toldAt = Number.NEGATIVE_INFINITY
  #watcher: TreeWatcher | undefined
  #walking: Promise<void> | undefined

  constructor(deps: ChangeCounterDeps) {
    this.#deps = deps
  }

  get count(): number {
    return this.#count
  }

  async start(): Promise<void> {
    const rules = await this.#deps.loadRules()
    if (this.#stop.signal.aborted) return
    this.#watcher = watchTree({
      root: this.#deps.root,
      rules,
      onChange: (path) => this.#note(path),
      onOverflow: () => {
        this.#deps.warn('too many folders to watch: changes are looked for every 20 s instead')
        this.#walking = this.#walk(rules)
      },
    })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#watcher?.close()
    await this.#walking
  }

  #note(path: BytePath | undefined): void {
    this.#count += 1
    // Git rewrites its own files for itself; they are saved, but they are not someone working.
    const isGit = path !== undefined && /(?:^|\/)\.git(?:\/|$)/.test(path)
    const isDue = this.#deps.nowMs() - this.#toldAt >= ACTIVITY_EVERY_MS
    if (isGit || !isDue) return
    this.#toldAt = this.#deps.nowMs()
    this.#deps.onActivity()
  }

  async #walk(rules: IgnoreRules): Promise<void> {
    const { signal } = this.#stop
    let last: number | undefined
    try {
      while (!signal.aborted) {
        const now = await fingerprintTree({ root: this.#deps.root, rules, signal })
        if (last !== undefined && now !== last) this.#note(undefined)
        last = now
        await delay(WALK_EVERY_MS, undefined, { signal })
      }
    } catch (thrown) {
      if (!signal.aborted) this.#deps.warn(`changes cannot be looked for: ${String(thrown)}`)
    }
  }
}
