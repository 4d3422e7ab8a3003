import type { Log } from '../ports.ts'
import type { SessionFigures } from './session-figures.ts'

/** As often as Prometheus usually asks. */
export const READ_EVERY_MS = 15_000

export interface FiguresWatch {
  /** What was read last, and when; null before the first time. */
  latest(): { readonly figures: SessionFigures; readonly atMs: number } | null
  stop(): Promise<void>
}

export interface WatchDeps {
  readonly read: () => Promise<SessionFigures>
  readonly clock: { now(): number }
  readonly log: Log
}

/**
 * Reads beside the scrapes and not in them: a database that hangs must not take the other figures
 * with it, which are needed most then.
 */
export function watchFigures({ read, clock, log }: WatchDeps): FiguresWatch {
  let latest: ReturnType<FiguresWatch['latest']> = null
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let reading: Promise<void> = Promise.resolve()

  const look = () => {
    reading = read()
      .then((figures) => {
        latest = { figures, atMs: clock.now() }
      })
      .catch((err) => log.warn({ err }, 'figures of sessions could not be read'))
      .finally(() => {
        if (!isStopped) timer = setTimeout(look, READ_EVERY_MS)
      })
  }
  look()
  return {
    latest: () => latest,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await reading
    },
  }
}
