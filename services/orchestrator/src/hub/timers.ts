import { AccessSweep } from './access.ts'
import type { HubContext } from './context.ts'
import { answerAboutSockets, askForSockets } from './tell-sockets.ts'
import { tick } from './tick.ts'

/** A chore says after how long it is to be done again. */
const every = (ms: number, run: () => void) => () => {
  run()
  return ms
}

/** What the hub does again and again, whoever is there. */
export function startTimers(ctx: HubContext): { stop(): void } {
  const { clock, limits } = ctx
  const sweep = new AccessSweep(ctx)
  const answering = answerAboutSockets(ctx)
  const chores = [
    { run: () => (tick(ctx) ? limits.closeAgainMs : limits.tickMs), firstMs: limits.tickMs },
    { run: every(limits.accessCheckMs, () => void sweep.run()), firstMs: limits.accessCheckMs },
    { run: every(limits.tellSocketsMs, () => askForSockets(ctx)), firstMs: limits.tellSocketsMs },
  ]
  const timers = new Map<object, unknown>()
  let isStopped = false

  const again = (chore: (typeof chores)[number], afterMs: number) => {
    const run = () => {
      const nextMs = chore.run()
      if (!isStopped) again(chore, nextMs)
    }
    timers.set(chore, clock.setTimer(run, afterMs))
  }
  for (const chore of chores) again(chore, chore.firstMs)
  return {
    stop() {
      isStopped = true
      answering.stop()
      for (const timer of timers.values()) clock.clearTimer(timer)
    },
  }
}
