import type { Log } from '../ports.ts'
import type { Retention } from './ports.ts'
import { sweepArchives } from './sweep-archives.ts'

export interface ChoresDeps {
  readonly retention: Retention
  readonly log: Log
  /** Name of this copy. */
  readonly holder: string
  readonly sweepEveryMs: number
}

/** Copies ask this often whether it is their turn. */
const ASK_EVERY_MS = 60_000

/** Work that one copy does for all, now and then. */
export function startChores(deps: ChoresDeps): { stop(): Promise<void> } {
  const { retention, log, holder, sweepEveryMs } = deps
  let running: Promise<void> = Promise.resolve()

  const run = async () => {
    try {
      if (!(await retention.claim('sweep-archives', holder, sweepEveryMs))) return
      await sweepArchives(retention, log)
    } catch (err) {
      log.warn({ err }, 'archives not swept')
    }
  }
  const timer = setInterval(
    () => {
      running = running.then(run)
    },
    Math.min(ASK_EVERY_MS, sweepEveryMs),
  )
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
