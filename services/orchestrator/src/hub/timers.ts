import { AccessSweep } from './access.ts'
import type { HubContext } from './context.ts'
import { tellSockets } from './tell-sockets.ts'
import { tick } from './tick.ts'

/** What the hub does again and again, whoever is there. */
export function startTimers(ctx: HubContext): { stop(): void } {
  const { clock, limits } = ctx
  const sweep = new AccessSweep(ctx)
  const chores = [
    { run: () => tick(ctx), everyMs: limits.tickMs },
    { run: () => void sweep.run(), everyMs: limits.accessCheckMs },
    { run: () => tellSockets(ctx), everyMs: limits.tellSocketsMs },
  ]
  const timers = new Map<object, unknown>()
  let isStopped = false

  const again = (chore: (typeof chores)[number]) => {
    const run = () => {
      chore.run()
      if (!isStopped) again(chore)
    }
    timers.set(chore, clock.setTimer(run, chore.everyMs))
  }
  chores.forEach(again)
  return {
    stop() {
      isStopped = true
      for (const timer of timers.values()) clock.clearTimer(timer)
    },
  }
}
