import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../vm/ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (durationMs, signal) => {
    await delay(durationMs, undefined, signal ? { signal } : {})
  },
}
