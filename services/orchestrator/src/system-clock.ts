import type { Clock as HubClock } from './hub/ports.ts'
import type { Clock } from './ports.ts'

export const systemClock: Clock & HubClock = {
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
