import type { Clock, Log } from '../vm/ports.ts'

export interface Chore {
  readonly name: string
  readonly everyMs: number
  run(): Promise<void>
}

/** Repeats chores, each by its own rhythm and never two runs of one at a time. */
export function startUpkeep(
  chores: readonly Chore[],
  deps: { clock: Clock; log: Log },
): { stop(): Promise<void> } {
  const ended = new AbortController()

  async function repeat(chore: Chore): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await chore.run()
      } catch (thrown) {
        deps.log.error({ chore: chore.name, err: thrown }, 'chore failed')
      }
      await deps.clock.sleep(chore.everyMs, ended.signal).catch(() => undefined)
    }
  }

  const running = chores.map(repeat)
  return {
    async stop() {
      ended.abort()
      await Promise.all(running)
    },
  }
}
