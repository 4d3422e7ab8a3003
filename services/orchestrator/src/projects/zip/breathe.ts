import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longer than this at a time and other requests would notice. */
const BUSY_MS_MAX = 10

/** For long loops: gives the others a turn when it was held too long, and ends when aborted. */
export function createBreather(signal: AbortSignal): () => Promise<void> | undefined {
  let sinceMs = performance.now()
  return () => {
    if (performance.now() - sinceMs < BUSY_MS_MAX) return undefined
    return nextTurn().then(() => {
      signal.throwIfAborted()
      sinceMs = performance.now()
    })
  }
}
